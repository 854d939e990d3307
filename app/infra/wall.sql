-- Row-level security: who may see a row, said a second time from access.md alone.
--
-- The tables that hold ciphertext show and take only what the actor of the transaction may see and
-- write. Arrays come as (SELECT acl.f()), which PostgreSQL asks once per statement; what depends on
-- the row is a function of its own, asked last. All functions that read belong to casustafel_rules,
-- a role without a login that no policy stops: policies that read each other's tables never end.
--
-- A new ground (a task, break-glass, …) is added where it says NEW GROUNDS, and nowhere else.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'casustafel_rules') THEN
        CREATE ROLE casustafel_rules NOLOGIN BYPASSRLS;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'make the role casustafel_rules first: docs/operations.md, PostgreSQL';
END $$;

CREATE SCHEMA acl;
GRANT USAGE ON SCHEMA acl TO PUBLIC;
GRANT CREATE ON SCHEMA acl, public TO casustafel_rules;
GRANT SELECT ON
    acceptance, access_request, action, action_notice, action_shown, addendum, addendum_reader, agenda_item,
    break_glass, "case", covenant, decision, decision_addressee, declaration, disclosure, exclusion, handover,
    input_request, invitation_item, legal_hold, meeting, minutes_extract, note, note_reader,
    organisation_contact, person, person_concerned, recusal, referral, seat, seat_hold, section, section_type, table_role, task,
    task_section
TO casustafel_rules;
ALTER VIEW identity_place OWNER TO casustafel_rules;
GRANT SELECT ON identity_place TO PUBLIC;

-- Who acts, and when -----------------------------------------------------------------------------

-- Only tests replace this one: outside them the database believes its own clock.
CREATE FUNCTION acl.now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT statement_timestamp()
$$;

-- The account that acts; NULL for the system and for nobody.
CREATE FUNCTION acl.account() RETURNS uuid LANGUAGE plpgsql STABLE AS $$
DECLARE
    named text := current_setting('casustafel.actor', true);
BEGIN
    IF named IS NULL OR length(named) <> 36 THEN
        RETURN NULL;
    END IF;
    RETURN named::uuid;
END $$;

-- The same, as long as the account is active.
CREATE FUNCTION acl.active_account() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN (
        SELECT id FROM person
        WHERE id = acl.account() AND state = 'active'
            AND (ends_at IS NULL OR ends_at > acl.now())
    );
END $$;

-- Somebody who may see cases at all: an administrator account may not.
CREATE FUNCTION acl.person() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN (
        SELECT id FROM person
        WHERE id = acl.account() AND state = 'active' AND NOT is_administrator
            AND (ends_at IS NULL OR ends_at > acl.now())
    );
END $$;

CREATE FUNCTION acl.organisation() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN (SELECT organisation_id FROM person WHERE id = acl.person());
END $$;

CREATE FUNCTION acl.is_privacy_officer() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (SELECT FROM person WHERE id = acl.person() AND is_privacy_officer);
END $$;

-- A privacy officer or supervisor is no reader of actions by being named for them.
CREATE FUNCTION acl.holds_office() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM person WHERE id = acl.person() AND (is_privacy_officer OR is_supervisor)
    );
END $$;

CREATE FUNCTION acl.is_live(from_at timestamptz, until_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT from_at <= acl.now() AND (until_at IS NULL OR until_at > acl.now())
$$;

CREATE FUNCTION acl.tables_as(VARIADIC roles text[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN ARRAY(
        SELECT table_id FROM table_role
        WHERE person_id = acl.person() AND role = ANY (roles) AND acl.is_live(from_at, until_at)
    );
END $$;

CREATE FUNCTION acl.served_tables() RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT acl.tables_as('chair', 'coordinator')
$$;

CREATE FUNCTION acl.represented_tables() RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT acl.tables_as('representative')
$$;

-- Excluded from, or recused at: stronger than every ground.
CREATE FUNCTION acl.barred_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN ARRAY(
        SELECT case_id FROM exclusion
        WHERE person_id = acl.account() AND acl.is_live(from_at, until_at)
        UNION
        SELECT case_id FROM recusal WHERE person_id = acl.account() AND lifted_at IS NULL
    );
END $$;

-- Several policies and functions of one page ask the same. As long as the transaction has written nothing, what
-- was found for its actor is found again; the setting ends with the transaction.
CREATE FUNCTION acl.once(what text) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    who text := coalesce(current_setting('casustafel.actor', true), '') || '|';
    may_keep boolean := pg_current_xact_id_if_assigned() IS NULL;
    kept text;
    found uuid[];
BEGIN
    IF may_keep THEN
        kept := current_setting('acl.' || what, true);
        IF starts_with(kept, who) THEN
            RETURN substr(kept, length(who) + 1)::uuid[];
        END IF;
    END IF;
    EXECUTE format('SELECT acl.%I()', what) INTO found;
    IF may_keep THEN
        PERFORM set_config('acl.' || what, who || found::text, true);
    END IF;
    RETURN found;
END $$;

-- Seats ------------------------------------------------------------------------------------------

-- The source need not be asked about this reader, or said yes and still does; a no always stands.
CREATE FUNCTION acl.is_agreed(
    regime text, asks_from timestamptz, given_at timestamptz,
    said_at timestamptz, said_until timestamptz, refused boolean
) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT refused AND (
        (regime = 'avg' AND (asks_from IS NULL OR given_at < asks_from))
        OR (said_at IS NOT NULL AND (said_until IS NULL OR said_until > acl.now()))
    )
$$;

-- The seats the person occupies just now, for the organisation they belong to.
CREATE FUNCTION acl.held_seats() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    moment timestamptz := acl.now();
BEGIN
    RETURN ARRAY(
        SELECT s.id
        FROM person p
        JOIN seat_hold h ON h.person_id = p.id
        JOIN seat s ON s.id = h.seat_id
        WHERE p.id = acl.person()
            AND h.from_at <= moment AND (h.until_at IS NULL OR h.until_at > moment)
            AND s.removed_at IS NULL AND NOT s.is_proposed
            AND s.organisation_id = p.organisation_id
    );
END $$;

-- The same with item, meeting and case: the one walk everything about seats begins with.
CREATE VIEW acl.held_seat AS
SELECT s.id AS seat_id, s.invited_at, i.id AS item_id, i.case_id, m.id AS meeting_id,
    m.table_id, m.published_at, m.opens_at, m.closes_at, m.closed_at,
    i.removed_at IS NULL AS is_on_agenda, m.cancelled_at IS NULL AS goes_on,
    NOT m.opens_with_item OR (
        i.opened_at IS NOT NULL AND i.opened_at <= acl.now()
        AND (
            s.presence IN ('present', 'remote')
            OR (
                s.presence = 'deputy' AND EXISTS (
                    SELECT FROM seat_hold d
                    WHERE d.seat_id = s.id AND d.person_id = acl.person() AND d.is_deputy
                        AND acl.is_live(d.from_at, d.until_at)
                )
            )
        )
    ) AS is_taken_up,
    c.table_id = m.table_id AS is_at_table,
    coalesce(i.opened_at, m.started_at, m.starts_at) AS discussed_at
FROM unnest(acl.once('held_seats')) AS held (id)
JOIN seat s ON s.id = held.id
JOIN agenda_item i ON i.id = s.item_id
JOIN meeting m ON m.id = i.meeting_id
JOIN "case" c ON c.id = i.case_id;
ALTER VIEW acl.held_seat OWNER TO casustafel_rules;

-- Those of published meetings at which the person accepted confidentiality, and of which every
-- identity that was given of the case has been answered about: as it reads, or read at all once the
-- window has closed and nobody can answer any more.
CREATE FUNCTION acl.settled_seats() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    me uuid := acl.person();
    moment timestamptz := acl.now();
BEGIN
    RETURN ARRAY(
        SELECT h.seat_id
        FROM acl.held_seat h
        JOIN acceptance a ON a.person_id = me AND a.meeting_id = h.meeting_id
        WHERE h.is_on_agenda AND h.published_at <= moment
            AND NOT EXISTS (
                SELECT FROM disclosure d
                JOIN section x ON x.id = d.section_id
                JOIN section_type t ON t.id = x.section_type_id
                WHERE d.seat_id = h.seat_id AND d.withdrawn_at IS NULL
                    AND x.case_id = h.case_id AND x.text_ct IS NOT NULL AND t.is_identity
                    AND acl.is_agreed(
                        x.regime, x.asks_from, d.decided_at,
                        d.source_decided_at, d.source_until_at, d.source_refused
                    )
                    AND NOT EXISTS (
                        SELECT FROM declaration q
                        WHERE q.person_id = me AND q.section_id = x.id
                            AND (q.words_version = x.words_version OR h.closes_at <= moment)
                    )
            )
    );
END $$;

-- Sections the person's seats open: each condition of one and the same seat. A seat that still
-- asks whether its occupant knows anybody opens the identities alone.
CREATE FUNCTION acl.opened_sections() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    me uuid := acl.person();
    mine uuid := acl.organisation();
    moment timestamptz := acl.now();
BEGIN
    RETURN ARRAY(
        WITH open_seat AS MATERIALIZED (
            SELECT h.seat_id AS id, h.case_id
            FROM acl.held_seat h
            JOIN acceptance a ON a.person_id = me AND a.meeting_id = h.meeting_id
            WHERE h.is_on_agenda AND h.goes_on AND h.is_at_table AND h.is_taken_up
                AND h.published_at <= moment AND h.opens_at <= moment AND h.closes_at > moment
                AND EXISTS (
                    SELECT FROM covenant v
                    WHERE v.organisation_id = mine AND v.table_id = h.table_id
                        AND v.from_at <= moment AND (v.until_at IS NULL OR v.until_at > moment)
                )
        ),
        given AS MATERIALIZED (
            SELECT o.id AS seat_id, x.id, t.is_identity AND x.text_ct IS NOT NULL AS is_identity,
                EXISTS (
                    SELECT FROM declaration q
                    WHERE q.person_id = me AND q.section_id = x.id
                        AND q.words_version = x.words_version
                ) AS is_declared
            FROM open_seat o
            JOIN disclosure d ON d.seat_id = o.id
            JOIN section x ON x.id = d.section_id
            JOIN section_type t ON t.id = x.section_type_id
            WHERE d.withdrawn_at IS NULL AND x.case_id = o.case_id
                AND acl.is_agreed(
                    x.regime, x.asks_from, d.decided_at,
                    d.source_decided_at, d.source_until_at, d.source_refused
                )
        )
        SELECT g.id FROM given g
        WHERE g.is_identity OR NOT EXISTS (
            SELECT FROM given asked
            WHERE asked.seat_id = g.seat_id AND asked.is_identity AND NOT asked.is_declared
        )
    );
END $$;

-- A request for input opens the identities while it waits; what staff took down of it by telephone
-- opens to whoever said it, until that person looked.
CREATE FUNCTION acl.asked_sections() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    me uuid := acl.person();
    mine uuid := acl.organisation();
    moment timestamptz := acl.now();
BEGIN
    RETURN ARRAY(
        WITH asked AS MATERIALIZED (
            SELECT r.*, h.case_id, h.meeting_id
            FROM acl.held_seat h
            JOIN input_request r ON r.seat_id = h.seat_id
            WHERE r.withdrawn_at IS NULL AND h.is_on_agenda AND h.goes_on AND h.is_at_table
                AND EXISTS (
                    SELECT FROM covenant v
                    WHERE v.organisation_id = mine AND v.table_id = h.table_id
                        AND v.from_at <= moment AND (v.until_at IS NULL OR v.until_at > moment)
                )
        )
        SELECT r.section_id FROM asked r
        WHERE r.answered_by_id = me AND r.recorded_by_id IS NOT NULL
            AND r.confirmed_at IS NULL AND r.answered_at <= moment AND r.section_id IS NOT NULL
        UNION ALL
        SELECT x.id
        FROM asked r
        JOIN acceptance a ON a.person_id = me AND a.meeting_id = r.meeting_id
        JOIN section x ON x.case_id = r.case_id
        JOIN section_type t ON t.id = x.section_type_id
        WHERE r.answered_at IS NULL AND r.deadline_at > moment
            AND t.is_identity AND x.text_ct IS NOT NULL
            AND (
                (x.regime = 'avg' AND (x.asks_from IS NULL OR r.asked_at < x.asks_from))
                OR EXISTS (
                    SELECT FROM disclosure d
                    WHERE d.section_id = x.id AND d.seat_id = r.seat_id
                        AND d.withdrawn_at IS NULL AND d.source_decided_at IS NOT NULL
                        AND NOT d.source_refused
                        AND (d.source_until_at IS NULL OR d.source_until_at > moment)
                )
            )
    );
END $$;

-- Items of closed meetings of which the person keeps the extract, whatever the window says.
CREATE FUNCTION acl.kept_items() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    mine uuid := acl.organisation();
BEGIN
    RETURN ARRAY(
        SELECT h.item_id
        FROM acl.held_seat h
        WHERE h.seat_id = ANY ((SELECT acl.once('settled_seats'))::uuid[])
            AND h.closed_at IS NOT NULL AND h.goes_on AND h.is_taken_up
            AND EXISTS (
                SELECT FROM covenant v
                WHERE v.organisation_id = mine AND v.table_id = h.table_id
                    AND v.from_at <= h.discussed_at
                    AND (v.until_at IS NULL OR v.until_at > h.discussed_at)
            )
    );
END $$;

-- Items whose content is open to the person just now.
CREATE FUNCTION acl.opened_items() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    mine uuid := acl.organisation();
    moment timestamptz := acl.now();
BEGIN
    RETURN ARRAY(
        SELECT h.item_id
        FROM acl.held_seat h
        WHERE h.seat_id = ANY ((SELECT acl.once('settled_seats'))::uuid[])
            AND h.goes_on AND h.is_at_table AND h.is_taken_up
            AND h.opens_at <= moment AND h.closes_at > moment
            AND EXISTS (
                SELECT FROM covenant v
                WHERE v.organisation_id = mine AND v.table_id = h.table_id
                    AND v.from_at <= moment AND (v.until_at IS NULL OR v.until_at > moment)
            )
    );
END $$;

-- Decisions addressed to a seat of the person, from their recording on.
CREATE FUNCTION acl.addressed_decisions() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN ARRAY(
        SELECT d.id
        FROM unnest(acl.once('settled_seats')) AS settled (id)
        JOIN decision_addressee e ON e.seat_id = settled.id
        JOIN decision d ON d.id = e.decision_id
        WHERE d.deleted_at IS NULL
    );
END $$;

-- Notes for a seat of the person; their end is that of what the seat keeps.
CREATE FUNCTION acl.addressed_notes() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN ARRAY(
        SELECT n.id
        FROM unnest(acl.once('settled_seats')) AS settled (id)
        JOIN note_reader e ON e.seat_id = settled.id
        JOIN note n ON n.id = e.note_id
        WHERE n.deleted_at IS NULL
    );
END $$;

-- Additions to adopted minutes, for a seat of the person.
CREATE FUNCTION acl.addressed_additions() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN ARRAY(
        SELECT e.addendum_id
        FROM unnest(acl.once('settled_seats')) AS settled (id)
        JOIN addendum_reader e ON e.seat_id = settled.id
    );
END $$;

-- The person's own kept extracts.
CREATE FUNCTION acl.own_extracts() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN ARRAY(SELECT id FROM minutes_extract WHERE person_id = acl.person());
END $$;

-- What the person referred, for the organisation it still belongs to; a bar takes its status away.
CREATE FUNCTION acl.own_referrals() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN ARRAY(
        SELECT id FROM referral
        WHERE person_id = acl.person() AND organisation_id = acl.organisation()
            AND (case_id IS NULL OR case_id <> ALL (acl.once('barred_cases')))
    );
END $$;

-- Tasks and emergency readings --------------------------------------------------------------------

-- The person's own tasks, accepted or not, at the table on whose list the case stands. One that is
-- tied to an item lasts no longer than the window; a case lead until the case closes.
CREATE FUNCTION acl.held_tasks() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    mine uuid := acl.organisation();
    moment timestamptz := acl.now();
BEGIN
    RETURN ARRAY(
        SELECT t.id
        FROM task t
        JOIN "case" c ON c.id = t.case_id
        WHERE t.person_id = acl.person() AND t.organisation_id = mine
            AND c.table_id = t.table_id
            AND t.from_at <= moment AND (t.until_at IS NULL OR t.until_at > moment)
            AND (t.ended_at IS NULL OR t.ended_at > moment)
            AND (t.kind <> 'case-lead' OR c.closed_at IS NULL)
            AND (
                t.item_id IS NULL
                OR EXISTS (
                    SELECT FROM agenda_item i
                    JOIN meeting m ON m.id = i.meeting_id
                    WHERE i.id = t.item_id AND i.case_id = t.case_id AND i.removed_at IS NULL
                        AND m.cancelled_at IS NULL AND m.table_id = t.table_id
                        AND m.published_at <= moment
                        AND m.opens_at <= moment AND m.closes_at > moment
                )
            )
    );
END $$;

-- What an accepted task names, and to the case lead the plan unnamed. Until the question about
-- acquaintances is answered the identities alone.
CREATE FUNCTION acl.task_sections() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    me uuid := acl.person();
BEGIN
    RETURN ARRAY(
        WITH mine AS MATERIALIZED (
            SELECT t.* FROM unnest(acl.once('held_tasks')) AS held (id)
            JOIN task t ON t.id = held.id
            WHERE t.accepted_at <= acl.now()
        ),
        opened AS MATERIALIZED (
            SELECT t.id AS task_id, x.id, y.is_identity AND x.text_ct IS NOT NULL AS is_identity,
                EXISTS (
                    SELECT FROM declaration q
                    WHERE q.person_id = me AND q.section_id = x.id
                        AND q.words_version = x.words_version
                ) AS is_declared,
                x.case_id = t.case_id AS is_of_case
            FROM mine t
            JOIN task_section n ON n.task_id = t.id
            JOIN section x ON x.id = n.section_id
            JOIN section_type y ON y.id = x.section_type_id
            WHERE acl.is_agreed(
                x.regime, x.asks_from, t.granted_at,
                n.source_decided_at, n.source_until_at, n.source_refused
            )
                AND (t.kind <> 'handover' OR NOT x.no_passing_on)
            UNION ALL
            SELECT t.id, x.id, false, true, true
            FROM mine t
            JOIN section x ON x.case_id = t.case_id
            JOIN section_type y ON y.id = x.section_type_id
            WHERE t.kind = 'case-lead' AND y.is_plan AND x.regime = 'avg'
                AND (x.asks_from IS NULL OR t.granted_at < x.asks_from)
        )
        SELECT o.id FROM opened o
        WHERE o.is_of_case AND (
            o.is_identity OR NOT EXISTS (
                SELECT FROM opened asked
                WHERE asked.task_id = o.task_id AND asked.is_identity AND NOT asked.is_declared
            )
        )
    );
END $$;

-- Handovers the person may answer.
CREATE FUNCTION acl.offered_handovers() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN ARRAY(
        SELECT t.handover_id FROM unnest(acl.once('held_tasks')) AS held (id)
        JOIN task t ON t.id = held.id
        WHERE t.handover_id IS NOT NULL
            AND t.case_id <> ALL (acl.once('barred_cases'))
    );
END $$;

-- Cases the person leads, accepted by name: their safety agreements and all their actions.
CREATE FUNCTION acl.led_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    me uuid := acl.person();
BEGIN
    RETURN ARRAY(
        SELECT t.case_id FROM unnest(acl.once('held_tasks')) AS held (id)
        JOIN task t ON t.id = held.id
        WHERE t.kind = 'case-lead' AND t.accepted_at <= acl.now()
            AND NOT EXISTS (
                SELECT FROM task_section n
                JOIN section x ON x.id = n.section_id
                JOIN section_type y ON y.id = x.section_type_id
                WHERE n.task_id = t.id AND y.is_identity AND x.text_ct IS NOT NULL
                    AND acl.is_agreed(
                        x.regime, x.asks_from, t.granted_at,
                        n.source_decided_at, n.source_until_at, n.source_refused
                    )
                    AND NOT EXISTS (
                        SELECT FROM declaration q
                        WHERE q.person_id = me AND q.section_id = x.id
                            AND q.words_version = x.words_version
                    )
            )
    );
END $$;

-- Items at which the person takes minutes: what it wrote down there itself, it sees and adds to.
CREATE FUNCTION acl.minuted_items() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    me uuid := acl.person();
BEGIN
    RETURN ARRAY(
        SELECT t.item_id FROM unnest(acl.once('held_tasks')) AS held (id)
        JOIN task t ON t.id = held.id
        WHERE t.kind = 'secretary' AND t.item_id IS NOT NULL AND t.accepted_at <= acl.now()
            AND NOT EXISTS (
                SELECT FROM task_section n
                JOIN section x ON x.id = n.section_id
                JOIN section_type y ON y.id = x.section_type_id
                WHERE n.task_id = t.id AND y.is_identity AND x.text_ct IS NOT NULL
                    AND acl.is_agreed(
                        x.regime, x.asks_from, t.granted_at,
                        n.source_decided_at, n.source_until_at, n.source_refused
                    )
                    AND NOT EXISTS (
                        SELECT FROM declaration q
                        WHERE q.person_id = me AND q.section_id = x.id
                            AND q.words_version = x.words_version
                    )
            )
    );
END $$;

-- Emergency readings that go on, by a privacy officer or somebody still named for it at the table.
CREATE FUNCTION acl.emergency_cases() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    moment timestamptz := acl.now();
BEGIN
    RETURN ARRAY(
        SELECT b.case_id
        FROM break_glass b
        JOIN "case" c ON c.id = b.case_id
        JOIN person p ON p.id = b.person_id
        WHERE b.person_id = acl.person() AND b.table_id = c.table_id
            AND b.from_at <= moment AND b.until_at > moment
            AND (b.ended_at IS NULL OR b.ended_at > moment)
            AND (p.is_privacy_officer OR c.table_id = ANY (acl.tables_as('emergency-reader')))
    );
END $$;

-- Cases ------------------------------------------------------------------------------------------

CREATE FUNCTION acl.serves_case(one uuid, served uuid[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER COST 5000 AS $$
BEGIN
    RETURN cardinality(served) > 0
        AND EXISTS (SELECT FROM "case" WHERE id = one AND table_id = ANY (served));
END $$;

CREATE FUNCTION acl.serves_item(one uuid, served uuid[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER COST 5000 AS $$
BEGIN
    RETURN cardinality(served) > 0 AND EXISTS (
        SELECT FROM agenda_item i
        JOIN meeting m ON m.id = i.meeting_id
        WHERE i.id = one AND m.table_id = ANY (served)
    );
END $$;

-- Cases of which something is the person's own: a slot or a request, whatever of the case opens; an
-- action; the extract, or a decision, of a meeting that was; a task; an emergency reading.
CREATE FUNCTION acl.own_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    me uuid := acl.person();
    mine uuid := acl.organisation();
    moment timestamptz := acl.now();
BEGIN
    IF me IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(
        SELECT h.case_id
        FROM acl.held_seat h
        WHERE h.is_on_agenda AND h.goes_on AND h.is_at_table
            AND (
                h.invited_at <= moment
                OR EXISTS (
                    SELECT FROM input_request r
                    JOIN covenant v ON v.organisation_id = mine AND v.table_id = h.table_id
                    WHERE r.seat_id = h.seat_id AND r.withdrawn_at IS NULL
                        AND v.from_at <= moment AND (v.until_at IS NULL OR v.until_at > moment)
                )
            )
        UNION
        SELECT case_id FROM action
        WHERE organisation_id = mine
            AND (
                person_id = me
                OR (person_id IS NULL AND table_id = ANY (acl.once('represented_tables')))
            )
        UNION
        SELECT t.case_id FROM task t WHERE t.id = ANY ((SELECT acl.once('held_tasks'))::uuid[])
        UNION
        SELECT unnest(acl.once('emergency_cases'))
        -- NEW GROUNDS on a case go here.
    );
END $$;

-- Asked only for cases that are not seen by any of these: what is left of one that went elsewhere.
CREATE FUNCTION acl.kept_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    served uuid[] := acl.once('served_tables');
BEGIN
    RETURN ARRAY(
        SELECT h.case_id
        FROM acl.held_seat h
        WHERE (
                NOT h.is_at_table OR NOT h.goes_on
                OR h.invited_at IS NULL OR h.invited_at > acl.now()
            )
            AND (
                h.item_id = ANY ((SELECT acl.once('kept_items'))::uuid[])
                OR EXISTS (
                    SELECT FROM decision_addressee e
                    WHERE e.seat_id = h.seat_id
                        AND e.decision_id = ANY ((SELECT acl.once('addressed_decisions'))::uuid[])
                )
            )
        UNION
        -- A case that moved leaves its minutes behind, with whoever serves the old table.
        SELECT a.case_id FROM action a
        JOIN "case" c ON c.id = a.case_id
        WHERE a.table_id = ANY (served) AND c.table_id <> a.table_id
        UNION
        SELECT d.case_id FROM meeting m
        JOIN agenda_item i ON i.meeting_id = m.id
        JOIN "case" c ON c.id = i.case_id
        JOIN decision d ON d.item_id = i.id
        WHERE m.table_id = ANY (served) AND c.table_id <> m.table_id AND d.deleted_at IS NULL
    );
END $$;

-- Cases to which the own organisation brought something, at a table the person represents it at.
CREATE FUNCTION acl.brought_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    represented uuid[] := acl.once('represented_tables');
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT x.case_id FROM section x
        JOIN "case" c ON c.id = x.case_id
        WHERE x.source_organisation_id = acl.organisation() AND c.table_id = ANY (represented)
    );
END $$;

-- What may be written: staff of the case's table; the source what it brought; and who is asked.
CREATE FUNCTION acl.writes_section(
    one uuid, of_case uuid, source uuid,
    who uuid, organisation uuid, served uuid[], represented uuid[]
) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 5000 AS $$
BEGIN
    RETURN coalesce(
        who IS NOT NULL AND (
            acl.serves_case(of_case, served)
            OR (source = organisation AND (
                acl.serves_case(of_case, represented)
                OR EXISTS (
                    SELECT FROM agenda_item i
                    JOIN seat s ON s.item_id = i.id
                    JOIN input_request r ON r.seat_id = s.id
                    WHERE i.case_id = of_case AND i.removed_at IS NULL
                        AND s.id = ANY ((SELECT acl.once('held_seats'))::uuid[])
                        AND r.withdrawn_at IS NULL
                        AND (r.section_id IS NULL OR r.section_id = one)
                )
            ))
        ),
        false
    );
END $$;

-- Unfinished actions of the own organisation of which the person was told on the ladder, and still
-- is who was told: somebody who represents it at that table, or is named for it there. No office.
CREATE FUNCTION acl.chased_actions() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    IF acl.holds_office() THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(
        SELECT a.id
        FROM action_notice n
        JOIN action a ON a.id = n.action_id
        WHERE n.person_id = acl.person()
            AND a.organisation_id = acl.organisation() AND a.state IN ('open', 'started')
            AND a.taken_back_at IS NULL
            AND (
                (n.step = 'deputy' AND a.table_id = ANY (acl.once('represented_tables')))
                OR (n.step IN ('deputy', 'contact') AND EXISTS (
                    SELECT FROM organisation_contact c
                    WHERE c.person_id = n.person_id AND c.organisation_id = a.organisation_id
                        AND (c.table_id IS NULL OR c.table_id = a.table_id)
                        AND acl.is_live(c.from_at, c.until_at)
                ))
            )
    );
END $$;

-- Unfinished actions of a case, from before, that the person's open item goes through.
CREATE FUNCTION acl.followed_actions() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN ARRAY(
        SELECT a.id
        FROM unnest(acl.once('opened_items')) AS opened (id)
        JOIN agenda_item i ON i.id = opened.id
        JOIN meeting m ON m.id = i.meeting_id
        JOIN action a ON a.case_id = i.case_id AND a.table_id = m.table_id AND a.item_id <> i.id
            AND a.recorded_at < i.starts_at
        WHERE a.state IN ('open', 'started') AND a.taken_back_at IS NULL
            AND (
                a.organisation_id = acl.organisation()
                OR NOT EXISTS (
                    SELECT FROM seat s
                    JOIN agenda_item j ON j.id = s.item_id
                    WHERE s.is_staff_only AND s.organisation_id = a.organisation_id
                        AND j.case_id = a.case_id
                )
            )
    );
END $$;

-- What its chair agreed to show of these in full, with the person's name among those at that item.
CREATE FUNCTION acl.shown_actions() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    me uuid := acl.person();
    mine uuid := acl.organisation();
BEGIN
    RETURN ARRAY(
        SELECT w.id
        FROM unnest(acl.once('opened_items')) AS opened (id)
        JOIN action_shown w ON w.item_id = opened.id
        WHERE w.withdrawn_at IS NULL
            AND w.action_id = ANY ((SELECT acl.once('followed_actions'))::uuid[])
            AND EXISTS (
                SELECT FROM seat s
                JOIN seat_hold h ON h.seat_id = s.id
                WHERE s.item_id = w.item_id AND s.organisation_id = mine
                    AND s.removed_at IS NULL AND NOT s.is_proposed
                    AND h.person_id = me AND h.from_at <= w.agreed_at
                    AND (h.until_at IS NULL OR h.until_at > w.agreed_at)
            )
    );
END $$;

-- Staff follow the actions of their table, holders their own; where nobody is named, whoever
-- represents the organisation there.
CREATE FUNCTION acl.follows_action(
    its_table uuid, of_organisation uuid, holder uuid,
    who uuid, organisation uuid, served uuid[], represented uuid[]
) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        its_table = ANY (served)
        OR (
            of_organisation = organisation
            AND (holder = who OR (holder IS NULL AND its_table = ANY (represented)))
        ),
        false
    )
$$;

-- Answers by mail: none that tells of somebody at a case that bars the reader.
CREATE FUNCTION acl.tells_of_a_barred_case(
    its_table uuid, of_meeting uuid, of_invitation uuid, said_by uuid, barred uuid[]
) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM invitation_item n
        JOIN agenda_item i ON i.id = n.item_id
        JOIN "case" c ON c.id = i.case_id
        WHERE n.invitation_id = of_invitation
            AND (c.id = ANY (barred) OR c.table_id <> its_table)
    ) OR EXISTS (
        SELECT FROM seat_hold h
        JOIN seat s ON s.id = h.seat_id
        JOIN agenda_item i ON i.id = s.item_id
        WHERE h.person_id = said_by AND i.meeting_id = of_meeting AND i.case_id = ANY (barred)
    );
END $$;

-- Why a task was given: its holder reads it, and staff of the case as long as it goes on.
CREATE FUNCTION acl.reads_task(one uuid, held uuid[], served uuid[], barred uuid[])
RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 5000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM task t
        JOIN "case" c ON c.id = t.case_id
        WHERE t.id = one AND t.case_id <> ALL (barred) AND t.kind <> 'access-review'
            AND (
                t.id = ANY (held)
                OR (
                    c.table_id = ANY (served) AND t.table_id = c.table_id AND t.ended_at IS NULL
                    AND (t.until_at IS NULL OR t.until_at > acl.now())
                )
            )
    );
END $$;

-- Emergency readings are watched over by staff of the case's table and by every privacy officer.
CREATE FUNCTION acl.follows_reading(one uuid, served uuid[], is_officer boolean, barred uuid[])
RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER COST 5000 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM break_glass b
        JOIN "case" c ON c.id = b.case_id
        WHERE b.id = one AND b.case_id <> ALL (barred)
            AND (is_officer OR c.table_id = ANY (served))
    );
END $$;

-- An access request is prepared by staff of its table; one without a case bars nobody.
CREATE FUNCTION acl.serves_request(one uuid, served uuid[], barred uuid[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER COST 5000 AS $$
BEGIN
    RETURN cardinality(served) > 0 AND EXISTS (
        SELECT FROM access_request r
        LEFT JOIN "case" c ON c.id = r.case_id
        WHERE r.id = one AND r.table_id = ANY (served)
            AND (r.case_id IS NULL OR (c.table_id = r.table_id AND c.id <> ALL (barred)))
    );
END $$;

-- A source is asked as long as the request is open, where it is represented.
CREATE FUNCTION acl.asks_sources(one uuid, represented uuid[], barred uuid[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER COST 5000 AS $$
BEGIN
    RETURN cardinality(represented) > 0 AND EXISTS (
        SELECT FROM access_request r
        JOIN "case" c ON c.id = r.case_id
        WHERE r.id = one AND r.closed_at IS NULL
            AND c.table_id = ANY (represented) AND c.id <> ALL (barred)
    );
END $$;

-- Answers that wait for the person's review: what opens texts only by a task that goes on.
CREATE FUNCTION acl.reviewed_requests() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN ARRAY(
        SELECT r.id FROM access_request r
        WHERE r.reviewer_id = acl.person() AND acl.is_privacy_officer()
            AND r.prepared_at IS NOT NULL AND r.approved IS NULL AND r.closed_at IS NULL
            AND (r.case_id IS NULL OR r.case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[]))
            AND (r.task_id IS NULL OR r.task_id = ANY ((SELECT acl.once('held_tasks'))::uuid[]))
    );
END $$;

-- Every function that reads a table reads it for the role no policy stops. A settled search path
-- keeps it from reading another one; the other settings keep it from planning anew at each call.
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT p.oid::regprocedure AS name, p.prosecdef FROM pg_proc p
        WHERE p.pronamespace = 'acl'::regnamespace
    LOOP
        CONTINUE WHEN NOT one.prosecdef;
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, public', one.name);
        EXECUTE format('ALTER FUNCTION %s SET plan_cache_mode = force_generic_plan', one.name);
        EXECUTE format('ALTER FUNCTION %s SET join_collapse_limit = 1', one.name);
        EXECUTE format('ALTER FUNCTION %s SET jit = off', one.name);
        EXECUTE format('ALTER FUNCTION %s OWNER TO casustafel_rules', one.name);
    END LOOP;
END $$;
REVOKE CREATE ON SCHEMA acl, public FROM casustafel_rules;

-- Policies ---------------------------------------------------------------------------------------

CREATE POLICY seen ON "case" FOR SELECT USING (
    id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND (
        table_id = ANY ((SELECT acl.once('served_tables'))::uuid[])
        OR id = ANY ((SELECT acl.once('own_cases'))::uuid[])
        OR (
            table_id = ANY ((SELECT acl.once('represented_tables'))::uuid[])
            AND id = ANY ((SELECT acl.once('brought_cases'))::uuid[])
        )
        OR id = ANY ((SELECT acl.once('kept_cases'))::uuid[])
    )
);
CREATE POLICY written ON "case" USING (
    id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND table_id = ANY ((SELECT acl.once('served_tables'))::uuid[])
);

CREATE POLICY seen ON section FOR SELECT USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND (
        id = ANY ((SELECT acl.once('opened_sections'))::uuid[])
        OR acl.serves_case(case_id, (SELECT acl.once('served_tables')))
        OR (
            source_organisation_id = (SELECT acl.organisation())
            AND acl.serves_case(case_id, (SELECT acl.once('represented_tables')))
        )
        OR id = ANY ((SELECT acl.once('asked_sections'))::uuid[])
        OR id = ANY ((SELECT acl.once('task_sections'))::uuid[])
        OR case_id = ANY ((SELECT acl.once('emergency_cases'))::uuid[])
        -- NEW GROUNDS on a section go here.
    )
);
CREATE POLICY added ON section FOR INSERT WITH CHECK (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.writes_section(
        id, case_id, source_organisation_id,
        (SELECT acl.person()), (SELECT acl.organisation()),
        (SELECT acl.once('served_tables')), (SELECT acl.once('represented_tables'))
    )
);
CREATE POLICY changed ON section FOR UPDATE USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.writes_section(
        id, case_id, source_organisation_id,
        (SELECT acl.person()), (SELECT acl.organisation()),
        (SELECT acl.once('served_tables')), (SELECT acl.once('represented_tables'))
    )
);
CREATE POLICY deleted ON section FOR DELETE USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.serves_case(case_id, (SELECT acl.once('served_tables')))
);

CREATE POLICY served ON person_concerned USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.serves_case(case_id, (SELECT acl.once('served_tables')))
);
-- Without a name; whom the sections are about.
CREATE POLICY seen ON person_concerned FOR SELECT USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND case_id = ANY ((SELECT acl.once('emergency_cases'))::uuid[])
);

-- Staff see what they took back too: without that they could not take it back.
CREATE POLICY served ON decision USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.serves_item(item_id, (SELECT acl.once('served_tables')))
);
CREATE POLICY seen ON decision FOR SELECT USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND (
        id = ANY ((SELECT acl.once('addressed_decisions'))::uuid[])
        OR (
            kind = 'safety-agreement' AND deleted_at IS NULL
            AND case_id = ANY ((SELECT acl.once('led_cases'))::uuid[])
        )
    )
    -- NEW GROUNDS on a decision go here.
);

-- A secretary sees the own lines alone.
CREATE POLICY minuted ON decision FOR SELECT USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND recorded_by_id = (SELECT acl.person())
    AND item_id = ANY ((SELECT acl.once('minuted_items'))::uuid[])
);
CREATE POLICY taken_down ON decision FOR INSERT WITH CHECK (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND recorded_by_id = (SELECT acl.person())
    AND item_id = ANY ((SELECT acl.once('minuted_items'))::uuid[])
);
CREATE POLICY minuted ON note FOR SELECT USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND recorded_by_id = (SELECT acl.person())
    AND item_id = ANY ((SELECT acl.once('minuted_items'))::uuid[])
);
CREATE POLICY taken_down ON note FOR INSERT WITH CHECK (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND recorded_by_id = (SELECT acl.person())
    AND item_id = ANY ((SELECT acl.once('minuted_items'))::uuid[])
);
CREATE POLICY minuted ON action FOR SELECT USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND recorded_by_id = (SELECT acl.person())
    AND item_id = ANY ((SELECT acl.once('minuted_items'))::uuid[])
);
CREATE POLICY taken_down ON action FOR INSERT WITH CHECK (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND recorded_by_id = (SELECT acl.person())
    AND item_id = ANY ((SELECT acl.once('minuted_items'))::uuid[])
);
CREATE POLICY taken_down ON action_event FOR INSERT WITH CHECK (
    recorded_by_id = (SELECT acl.person())
    AND EXISTS (
        SELECT FROM action a
        WHERE a.id = action_id AND a.recorded_by_id = (SELECT acl.person())
            AND a.item_id = ANY ((SELECT acl.once('minuted_items'))::uuid[])
    )
);

-- Staff see what they took back too, as with a decision.
CREATE POLICY served ON note USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.serves_item(item_id, (SELECT acl.once('served_tables')))
);
CREATE POLICY seen ON note FOR SELECT USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND id = ANY ((SELECT acl.once('addressed_notes'))::uuid[])
);

-- The question as it read when the item was finished: with its seats, and staff of the case.
CREATE POLICY served ON item_question USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.serves_item(item_id, (SELECT acl.once('served_tables')))
    AND acl.serves_case(case_id, (SELECT acl.once('served_tables')))
);
CREATE POLICY seen ON item_question FOR SELECT USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND (
        item_id = ANY ((SELECT acl.once('opened_items'))::uuid[])
        OR item_id = ANY ((SELECT acl.once('kept_items'))::uuid[])
    )
);

CREATE POLICY served ON projected_line USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.serves_item(item_id, (SELECT acl.once('served_tables')))
);

CREATE POLICY served ON correction USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.serves_item(item_id, (SELECT acl.once('served_tables')))
);
-- Whoever said it, as long as the item is theirs.
CREATE POLICY own ON correction FOR SELECT USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND person_id = (SELECT acl.person())
    AND item_id = ANY ((SELECT acl.once('kept_items'))::uuid[])
);
CREATE POLICY added ON correction FOR INSERT WITH CHECK (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND person_id = (SELECT acl.person())
    AND organisation_id = (SELECT acl.organisation())
    AND item_id = ANY ((SELECT acl.once('kept_items'))::uuid[])
);

CREATE POLICY served ON addendum USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.serves_item(item_id, (SELECT acl.once('served_tables')))
);
CREATE POLICY seen ON addendum FOR SELECT USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND id = ANY ((SELECT acl.once('addressed_additions'))::uuid[])
);

-- Made and read as its recipient.
CREATE POLICY own ON minutes_extract_part USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND extract_id = ANY ((SELECT acl.own_extracts())::uuid[])
    AND item_id = ANY ((SELECT acl.once('kept_items'))::uuid[])
);

CREATE POLICY asked ON print_sheet USING (
    EXISTS (
        SELECT FROM print_run r
        JOIN meeting m ON m.id = r.meeting_id
        WHERE r.id = run_id AND r.asked_by_id = (SELECT acl.person())
            AND m.table_id = ANY ((SELECT acl.once('served_tables'))::uuid[])
    )
);

CREATE POLICY served ON bystander USING (
    acl.serves_item(item_id, (SELECT acl.served_tables()))
    AND EXISTS (
        SELECT FROM agenda_item i
        WHERE i.id = item_id AND i.case_id <> ALL ((SELECT acl.barred_cases())::uuid[])
            AND acl.serves_case(i.case_id, (SELECT acl.served_tables()))
    )
);

CREATE POLICY held ON action USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.follows_action(
        table_id, organisation_id, person_id,
        (SELECT acl.person()), (SELECT acl.organisation()),
        (SELECT acl.once('served_tables')), (SELECT acl.once('represented_tables'))
    )
);
CREATE POLICY seen ON action FOR SELECT USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND (
        (
            organisation_id = (SELECT acl.organisation())
            AND item_id = ANY ((SELECT acl.once('kept_items'))::uuid[])
        )
        OR case_id = ANY ((SELECT acl.once('led_cases'))::uuid[])
        OR id = ANY ((SELECT acl.once('chased_actions'))::uuid[])
        OR id = ANY ((SELECT acl.once('followed_actions'))::uuid[])
    )
    -- NEW GROUNDS on an action go here.
);
CREATE POLICY of_action ON action_event USING (
    EXISTS (
        SELECT FROM action a
        WHERE a.id = action_id
            AND acl.follows_action(
                a.table_id, a.organisation_id, a.person_id,
                (SELECT acl.person()), (SELECT acl.organisation()),
                (SELECT acl.once('served_tables')), (SELECT acl.once('represented_tables'))
            )
    )
);
CREATE POLICY of_action ON action_notice USING (
    EXISTS (
        SELECT FROM action a
        WHERE a.id = action_id
            AND acl.follows_action(
                a.table_id, a.organisation_id, a.person_id,
                (SELECT acl.person()), (SELECT acl.organisation()),
                (SELECT acl.once('served_tables')), (SELECT acl.once('represented_tables'))
            )
    )
);
CREATE POLICY of_action ON action_pause USING (
    EXISTS (
        SELECT FROM action a
        WHERE a.id = action_id
            AND acl.follows_action(
                a.table_id, a.organisation_id, a.person_id,
                (SELECT acl.person()), (SELECT acl.organisation()),
                (SELECT acl.once('served_tables')), (SELECT acl.once('represented_tables'))
            )
    )
);
CREATE POLICY of_action ON term_request USING (
    EXISTS (
        SELECT FROM action a
        WHERE a.id = action_id
            AND acl.follows_action(
                a.table_id, a.organisation_id, a.person_id,
                (SELECT acl.person()), (SELECT acl.organisation()),
                (SELECT acl.once('served_tables')), (SELECT acl.once('represented_tables'))
            )
    )
);
-- Whoever was told, as long as something of the action is theirs to see.
CREATE POLICY told ON action_notice FOR SELECT USING (
    person_id = (SELECT acl.person())
    AND EXISTS (SELECT FROM action a WHERE a.id = action_id)
);

CREATE POLICY served ON action_shown USING (
    acl.serves_item(item_id, (SELECT acl.once('served_tables')))
    AND EXISTS (
        SELECT FROM action a
        WHERE a.id = action_id AND a.table_id = ANY ((SELECT acl.once('served_tables'))::uuid[])
    )
);
CREATE POLICY seen ON action_shown FOR SELECT USING (
    id = ANY ((SELECT acl.once('shown_actions'))::uuid[])
    AND EXISTS (SELECT FROM action a WHERE a.id = action_id)
);

CREATE POLICY served ON exclusion_reason FOR SELECT USING (
    EXISTS (
        SELECT FROM exclusion e
        WHERE e.id = exclusion_id AND e.case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
            AND acl.serves_case(e.case_id, (SELECT acl.once('served_tables')))
    )
);
-- Somebody who excludes himself is barred before the reason is stored.
CREATE POLICY added ON exclusion_reason FOR INSERT WITH CHECK (
    EXISTS (
        SELECT FROM exclusion e
        WHERE e.id = exclusion_id AND acl.serves_case(e.case_id, (SELECT acl.once('served_tables')))
    )
);

CREATE POLICY served ON seat_proposal USING (
    EXISTS (
        SELECT FROM seat s
        JOIN agenda_item i ON i.id = s.item_id
        WHERE s.id = seat_id AND i.case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
            AND acl.serves_case(i.case_id, (SELECT acl.once('served_tables')))
    )
);
CREATE POLICY added ON seat_proposal FOR INSERT WITH CHECK (
    EXISTS (
        SELECT FROM seat s
        JOIN agenda_item i ON i.id = s.item_id
        WHERE s.id = seat_id AND s.is_proposed
            AND s.organisation_id = (SELECT acl.organisation())
            AND i.case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
            AND i.case_id = ANY ((SELECT acl.once('own_cases'))::uuid[])
    )
);

CREATE POLICY seen ON task_reason FOR SELECT USING (
    acl.reads_task(
        task_id, (SELECT acl.once('held_tasks')), (SELECT acl.once('served_tables')),
        (SELECT acl.once('barred_cases'))
    )
);
CREATE POLICY added ON task_reason FOR INSERT WITH CHECK (
    acl.reads_task(
        task_id, '{}', (SELECT acl.once('served_tables')), (SELECT acl.once('barred_cases'))
    )
);

CREATE POLICY seen ON emergency_reason FOR SELECT USING (
    acl.follows_reading(
        reading_id, (SELECT acl.once('served_tables')), (SELECT acl.is_privacy_officer()),
        (SELECT acl.once('barred_cases'))
    )
);
CREATE POLICY added ON emergency_reason FOR INSERT WITH CHECK (
    EXISTS (
        SELECT FROM break_glass b
        WHERE b.id = reading_id AND b.person_id = (SELECT acl.person()) AND b.ended_at IS NULL
    )
);

CREATE POLICY seen ON emergency_review FOR SELECT USING (
    acl.follows_reading(
        reading_id, (SELECT acl.once('served_tables')), (SELECT acl.is_privacy_officer()),
        (SELECT acl.once('barred_cases'))
    )
);
CREATE POLICY added ON emergency_review FOR INSERT WITH CHECK (
    EXISTS (
        SELECT FROM break_glass b
        WHERE b.id = reading_id AND b.person_id <> (SELECT acl.person())
            AND b.reviewed_at IS NULL
    )
    AND acl.follows_reading(
        reading_id, (SELECT acl.tables_as('chair')), (SELECT acl.is_privacy_officer()),
        (SELECT acl.once('barred_cases'))
    )
);

CREATE POLICY served ON legal_hold_reason FOR SELECT USING (
    EXISTS (
        SELECT FROM legal_hold h
        WHERE h.id = hold_id AND h.lifted_at IS NULL
            AND h.case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
            AND acl.serves_case(h.case_id, (SELECT acl.once('served_tables')))
    )
);
CREATE POLICY added ON legal_hold_reason FOR INSERT WITH CHECK (
    EXISTS (
        SELECT FROM legal_hold h
        WHERE h.id = hold_id AND h.lifted_at IS NULL
            AND h.case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
            AND acl.serves_case(h.case_id, (SELECT acl.once('served_tables')))
    )
);

CREATE POLICY served ON requester FOR SELECT USING (
    acl.serves_request(
        request_id, (SELECT acl.once('served_tables')), (SELECT acl.once('barred_cases'))
    )
);
CREATE POLICY added ON requester FOR INSERT WITH CHECK (
    acl.serves_request(
        request_id, (SELECT acl.once('served_tables')), (SELECT acl.once('barred_cases'))
    )
);

CREATE POLICY served ON review_remark FOR SELECT USING (
    acl.serves_request(
        request_id, (SELECT acl.once('served_tables')), (SELECT acl.once('barred_cases'))
    )
);
CREATE POLICY dropped ON review_remark FOR DELETE USING (
    acl.serves_request(
        request_id, (SELECT acl.once('served_tables')), (SELECT acl.once('barred_cases'))
    )
);
CREATE POLICY added ON review_remark FOR INSERT WITH CHECK (
    request_id = ANY ((SELECT acl.once('reviewed_requests'))::uuid[])
);

CREATE POLICY served ON source_view USING (
    acl.serves_request(
        request_id, (SELECT acl.once('served_tables')), (SELECT acl.once('barred_cases'))
    )
);
CREATE POLICY seen ON source_view FOR SELECT USING (
    request_id = ANY ((SELECT acl.once('reviewed_requests'))::uuid[])
    OR (
        organisation_id = (SELECT acl.organisation())
        AND acl.asks_sources(
            request_id,
            (SELECT acl.once('represented_tables')), (SELECT acl.once('barred_cases'))
        )
    )
);
CREATE POLICY answered ON source_view FOR UPDATE USING (
    organisation_id = (SELECT acl.organisation())
    AND acl.asks_sources(
        request_id, (SELECT acl.once('represented_tables')), (SELECT acl.once('barred_cases'))
    )
);

CREATE POLICY served ON reply USING (
    table_id = ANY ((SELECT acl.once('served_tables'))::uuid[])
    AND person_id IS NOT NULL
    AND NOT acl.tells_of_a_barred_case(
        table_id, meeting_id, invitation_id, person_id, (SELECT acl.once('barred_cases'))
    )
);

-- A draft is its writer's; once sent, staff of the case answer it and the referrer follows it.
CREATE POLICY drafted ON referral USING (
    case_id IS NULL AND person_id = (SELECT acl.person())
    AND organisation_id = (SELECT acl.organisation())
);
CREATE POLICY own ON referral FOR SELECT USING (
    id = ANY ((SELECT acl.once('own_referrals'))::uuid[])
);
CREATE POLICY served ON referral USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.serves_case(case_id, (SELECT acl.once('served_tables')))
);
CREATE POLICY own ON referral_question FOR SELECT USING (
    referral_id = ANY ((SELECT acl.once('own_referrals'))::uuid[])
);
CREATE POLICY served ON referral_question USING (
    EXISTS (
        SELECT FROM referral r
        WHERE r.id = referral_id
            AND r.case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
            AND acl.serves_case(r.case_id, (SELECT acl.once('served_tables')))
    )
);

-- Why one was refused is for its sender; the table where the case went sees that it came.
CREATE POLICY sent ON handover USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND from_table_id = ANY ((SELECT acl.once('served_tables'))::uuid[])
);
CREATE POLICY offered ON handover USING (
    id = ANY ((SELECT acl.once('offered_handovers'))::uuid[])
);
CREATE POLICY arrived ON handover FOR SELECT USING (
    accepted_at IS NOT NULL
    AND case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.serves_case(case_id, (SELECT acl.once('served_tables')))
);

CREATE POLICY served ON new_fact USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.serves_case(case_id, (SELECT acl.once('served_tables')))
);
-- Whoever reported it keeps the own words.
CREATE POLICY own ON new_fact FOR SELECT USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND reported_by_id = (SELECT acl.person())
    AND organisation_id = (SELECT acl.organisation())
);
CREATE POLICY added ON new_fact FOR INSERT WITH CHECK (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND reported_by_id = (SELECT acl.person())
    AND organisation_id = (SELECT acl.organisation())
    AND case_id = ANY ((SELECT acl.once('own_cases'))::uuid[])
);

-- Without a word, but they say which cases are about the same people.
CREATE POLICY served ON household_case USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.serves_case(case_id, (SELECT acl.once('served_tables')))
);
CREATE POLICY served ON identity_mark USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.serves_case(case_id, (SELECT acl.once('served_tables')))
);

CREATE POLICY served ON informing USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND acl.serves_case(case_id, (SELECT acl.once('served_tables')))
);
CREATE POLICY led ON informing FOR SELECT USING (
    case_id <> ALL ((SELECT acl.once('barred_cases'))::uuid[])
    AND case_id = ANY ((SELECT acl.once('led_cases'))::uuid[])
);

-- Staff read a copy they asked for as long as they may open it; the worker makes it as that person.
-- Filters may name the household of a case.
CREATE POLICY own ON saved_view USING (person_id = (SELECT acl.person()));
CREATE POLICY own ON export USING (person_id = (SELECT acl.person()));

CREATE POLICY own ON draft USING (person_id = (SELECT acl.active_account()));
CREATE POLICY kept ON draft FOR INSERT WITH CHECK (person_id = (SELECT acl.account()));

-- The application role owns nothing, and changes nothing that was logged --------------------------

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'casustafel_app') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO casustafel_app;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO casustafel_app;
        REVOKE UPDATE, DELETE ON audit_event FROM casustafel_app;
        REVOKE DELETE ON audit_head FROM casustafel_app;
        REVOKE UPDATE, DELETE ON audit_seal FROM casustafel_app;
        GRANT UPDATE (filed_at) ON audit_seal TO casustafel_app;
    END IF;
END $$;
