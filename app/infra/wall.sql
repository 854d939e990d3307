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
    acceptance, action, agenda_item, break_glass, "case", covenant, decision, decision_addressee, declaration,
    disclosure, exclusion, input_request, invitation_item, meeting, person, person_concerned,
    recusal, seat, seat_hold, section, section_type, table_role, task,
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

-- Seats ------------------------------------------------------------------------------------------

CREATE FUNCTION acl.takes_part(organisation uuid, at_table uuid, moment timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM covenant
        WHERE organisation_id = organisation AND table_id = at_table
            AND from_at <= moment AND (until_at IS NULL OR until_at > moment)
    );
END $$;

CREATE FUNCTION acl.has_accepted(at_meeting uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM acceptance WHERE person_id = acl.account() AND meeting_id = at_meeting
    );
END $$;

-- The source need not be asked about this reader, or said yes and still does.
CREATE FUNCTION acl.is_agreed(
    regime text, asks_from timestamptz, given_at timestamptz,
    said_at timestamptz, said_until timestamptz, refused boolean
) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (regime = 'avg' AND (asks_from IS NULL OR given_at < asks_from))
        OR (said_at IS NOT NULL AND NOT refused AND (said_until IS NULL OR said_until > acl.now()));
END $$;

-- Every identity this seat was given of the case has been answered about.
CREATE FUNCTION acl.knows_nobody(at_seat uuid, of_case uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT FROM disclosure d
        JOIN section x ON x.id = d.section_id
        JOIN section_type t ON t.id = x.section_type_id
        WHERE d.seat_id = at_seat AND d.withdrawn_at IS NULL
            AND x.case_id = of_case AND x.text_ct IS NOT NULL AND t.is_identity
            AND acl.is_agreed(
                x.regime, x.asks_from, d.decided_at,
                d.source_decided_at, d.source_until_at, d.source_refused
            )
            AND NOT EXISTS (
                SELECT FROM declaration q
                WHERE q.person_id = acl.account() AND q.section_id = x.id
            )
    );
END $$;

-- The person occupies the seat just now, for the organisation it belongs to.
CREATE FUNCTION acl.occupies(at_seat uuid, who uuid, organisation uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM seat s
        JOIN seat_hold h ON h.seat_id = s.id
        WHERE s.id = at_seat AND s.removed_at IS NULL AND NOT s.is_proposed
            AND s.organisation_id = organisation
            AND h.person_id = who AND acl.is_live(h.from_at, h.until_at)
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
    IF me IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(
        SELECT d.section_id
        FROM covenant v
        JOIN meeting m ON m.table_id = v.table_id AND m.closes_at > moment
        JOIN acceptance a ON a.meeting_id = m.id AND a.person_id = me
        JOIN agenda_item i ON i.meeting_id = m.id
        JOIN seat s ON s.item_id = i.id
        JOIN seat_hold h ON h.seat_id = s.id AND h.person_id = me
        JOIN "case" c ON c.id = i.case_id
        JOIN disclosure d ON d.seat_id = s.id
        JOIN section x ON x.id = d.section_id
        JOIN section_type t ON t.id = x.section_type_id
        WHERE v.organisation_id = mine AND acl.is_live(v.from_at, v.until_at)
            AND m.cancelled_at IS NULL AND m.published_at <= moment AND m.opens_at <= moment
            AND i.removed_at IS NULL
            AND s.removed_at IS NULL AND NOT s.is_proposed AND s.organisation_id = mine
            AND acl.is_live(h.from_at, h.until_at)
            AND c.table_id = m.table_id
            AND d.withdrawn_at IS NULL
            AND x.case_id = c.id
            AND acl.is_agreed(
                x.regime, x.asks_from, d.decided_at,
                d.source_decided_at, d.source_until_at, d.source_refused
            )
            AND (
                (t.is_identity AND x.text_ct IS NOT NULL)
                OR acl.knows_nobody(s.id, c.id)
            )
    );
END $$;

-- Tasks: a request for input opens the identities while it waits; what staff took down of it by
-- telephone opens to whoever said it, until that person looked.
CREATE FUNCTION acl.is_asked_about(one uuid, of_case uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    me uuid := acl.person();
    mine uuid := acl.organisation();
    moment timestamptz := acl.now();
BEGIN
    RETURN EXISTS (
        SELECT FROM agenda_item i
        JOIN meeting m ON m.id = i.meeting_id
        JOIN "case" c ON c.id = i.case_id
        JOIN seat s ON s.item_id = i.id
        JOIN input_request r ON r.seat_id = s.id
        JOIN section x ON x.id = one
        JOIN section_type t ON t.id = x.section_type_id
        WHERE i.case_id = of_case AND i.removed_at IS NULL
            AND m.cancelled_at IS NULL AND m.table_id = c.table_id
            AND acl.occupies(s.id, me, mine)
            AND acl.takes_part(mine, m.table_id, moment)
            AND r.withdrawn_at IS NULL
            AND (
                (
                    r.answered_by_id = me AND r.recorded_by_id IS NOT NULL
                    AND r.confirmed_at IS NULL AND r.answered_at <= moment
                    AND r.section_id = one
                )
                OR (
                    r.answered_at IS NULL AND r.deadline_at > moment
                    AND acl.has_accepted(m.id)
                    AND t.is_identity AND x.case_id = of_case AND x.text_ct IS NOT NULL
                    AND (
                        (x.regime = 'avg' AND (x.asks_from IS NULL OR r.asked_at < x.asks_from))
                        OR EXISTS (
                            SELECT FROM disclosure d
                            WHERE d.section_id = one AND d.seat_id = s.id
                                AND d.withdrawn_at IS NULL AND d.source_decided_at IS NOT NULL
                                AND NOT d.source_refused
                                AND (d.source_until_at IS NULL OR d.source_until_at > moment)
                        )
                    )
                )
            )
    );
END $$;

-- Tasks and emergency readings --------------------------------------------------------------------

-- The person's own task for the case, accepted or not, at the table on whose list the case stands.
-- One that is tied to an item lasts no longer than the window; a case lead until the case closes.
CREATE FUNCTION acl.is_held(one uuid, who uuid, organisation uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    moment timestamptz := acl.now();
BEGIN
    RETURN EXISTS (
        SELECT FROM task t
        JOIN "case" c ON c.id = t.case_id
        WHERE t.id = one AND t.person_id = who AND t.organisation_id = organisation
            AND c.table_id = t.table_id
            AND acl.is_live(t.from_at, t.until_at)
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

CREATE FUNCTION acl.has_task(of_case uuid, who uuid, organisation uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM task
        WHERE person_id = who AND case_id = of_case AND acl.is_held(id, who, organisation)
    );
END $$;

-- Every identity the task names has been answered about.
CREATE FUNCTION acl.knows_nobody_of(at_task uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT FROM task_section n
        JOIN task k ON k.id = n.task_id
        JOIN section x ON x.id = n.section_id
        JOIN section_type y ON y.id = x.section_type_id
        WHERE n.task_id = at_task AND x.text_ct IS NOT NULL AND y.is_identity
            AND acl.is_agreed(
                x.regime, x.asks_from, k.granted_at,
                n.source_decided_at, n.source_until_at, n.source_refused
            )
            AND NOT EXISTS (
                SELECT FROM declaration q
                WHERE q.person_id = acl.account() AND q.section_id = x.id
            )
    );
END $$;

-- What an accepted task names, and to the case lead the plan unnamed. Until the question about
-- acquaintances is answered the identities alone.
CREATE FUNCTION acl.is_task_for(one uuid, of_case uuid, who uuid, organisation uuid)
RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM task t
        JOIN section x ON x.id = one
        JOIN section_type y ON y.id = x.section_type_id
        LEFT JOIN task_section n ON n.task_id = t.id AND n.section_id = one
        WHERE t.person_id = who AND t.case_id = of_case
            AND acl.is_held(t.id, who, organisation)
            AND t.accepted_at <= acl.now()
            AND (
                (
                    n.task_id IS NOT NULL
                    AND acl.is_agreed(
                        x.regime, x.asks_from, t.granted_at,
                        n.source_decided_at, n.source_until_at, n.source_refused
                    )
                )
                OR (
                    t.kind = 'case-lead' AND y.is_plan AND x.regime = 'avg'
                    AND (x.asks_from IS NULL OR t.granted_at < x.asks_from)
                )
            )
            AND ((y.is_identity AND x.text_ct IS NOT NULL) OR acl.knows_nobody_of(t.id))
    );
END $$;

-- An emergency reading goes on, by a privacy officer or somebody still named for it at the table.
CREATE FUNCTION acl.reads_in_emergency(of_case uuid, who uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
    moment timestamptz := acl.now();
BEGIN
    RETURN EXISTS (
        SELECT FROM break_glass b
        JOIN "case" c ON c.id = b.case_id
        JOIN person p ON p.id = b.person_id
        WHERE b.person_id = who AND b.case_id = of_case AND b.table_id = c.table_id
            AND b.from_at <= moment AND b.until_at > moment
            AND (b.ended_at IS NULL OR b.ended_at > moment)
            AND (p.is_privacy_officer OR c.table_id = ANY (acl.tables_as('emergency-reader')))
    );
END $$;

-- Items of a closed meeting of which the person keeps the extract, whatever the window says.
CREATE FUNCTION acl.keeps_item(at_item uuid, who uuid, organisation uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM agenda_item i
        JOIN meeting m ON m.id = i.meeting_id
        JOIN seat s ON s.item_id = i.id
        WHERE i.id = at_item AND i.removed_at IS NULL
            AND m.closed_at IS NOT NULL AND m.cancelled_at IS NULL AND m.published_at <= acl.now()
            AND acl.occupies(s.id, who, organisation)
            AND acl.has_accepted(m.id)
            AND acl.knows_nobody(s.id, i.case_id)
            AND acl.takes_part(
                organisation, m.table_id, coalesce(i.opened_at, m.started_at, m.starts_at)
            )
    );
END $$;

-- A decision addressed to a seat the person occupies, from its recording on.
CREATE FUNCTION acl.is_addressed(one uuid, who uuid, organisation uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM decision_addressee e
        JOIN seat s ON s.id = e.seat_id
        JOIN agenda_item i ON i.id = s.item_id
        JOIN meeting m ON m.id = i.meeting_id
        WHERE e.decision_id = one AND i.removed_at IS NULL AND m.published_at <= acl.now()
            AND acl.occupies(s.id, who, organisation)
            AND acl.has_accepted(m.id)
            AND acl.knows_nobody(s.id, i.case_id)
    );
END $$;

-- Cases ------------------------------------------------------------------------------------------

CREATE FUNCTION acl.serves_case(one uuid, served uuid[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN cardinality(served) > 0
        AND EXISTS (SELECT FROM "case" WHERE id = one AND table_id = ANY (served));
END $$;

CREATE FUNCTION acl.serves_item(one uuid, served uuid[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN cardinality(served) > 0 AND EXISTS (
        SELECT FROM agenda_item i
        JOIN meeting m ON m.id = i.meeting_id
        WHERE i.id = one AND m.table_id = ANY (served)
    );
END $$;

-- A case that went to another table leaves its minutes behind, with whoever serves the old one.
CREATE FUNCTION acl.served_case_before(one uuid, served uuid[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN cardinality(served) > 0 AND (
        EXISTS (SELECT FROM action WHERE case_id = one AND table_id = ANY (served))
        OR EXISTS (
            SELECT FROM agenda_item i
            JOIN meeting m ON m.id = i.meeting_id
            JOIN decision d ON d.item_id = i.id
            WHERE i.case_id = one AND m.table_id = ANY (served) AND d.deleted_at IS NULL
        )
    );
END $$;

-- An organisation without a name at the action: whoever represents it at the table holds it.
CREATE FUNCTION acl.holds_action_of(
    one uuid, who uuid, organisation uuid, represented uuid[]
) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM action
        WHERE case_id = one AND organisation_id = organisation
            AND (person_id = who OR (person_id IS NULL AND table_id = ANY (represented)))
    );
END $$;

-- An own slot or an own request: the case is there, whatever of it opens.
CREATE FUNCTION acl.sits_at_case(one uuid, who uuid, organisation uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM agenda_item i
        JOIN meeting m ON m.id = i.meeting_id
        JOIN "case" c ON c.id = i.case_id
        JOIN seat s ON s.item_id = i.id
        WHERE i.case_id = one AND i.removed_at IS NULL
            AND m.cancelled_at IS NULL AND m.table_id = c.table_id
            AND acl.occupies(s.id, who, organisation)
            AND (
                s.invited_at <= acl.now()
                OR (
                    acl.takes_part(organisation, m.table_id, acl.now())
                    AND EXISTS (
                        SELECT FROM input_request r
                        WHERE r.seat_id = s.id AND r.withdrawn_at IS NULL
                    )
                )
            )
    );
END $$;

-- What the person keeps of a case after its meeting.
CREATE FUNCTION acl.keeps_case(one uuid, who uuid, organisation uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM agenda_item i
        WHERE i.case_id = one AND acl.keeps_item(i.id, who, organisation)
    ) OR EXISTS (
        SELECT FROM agenda_item i
        JOIN seat s ON s.item_id = i.id
        JOIN decision_addressee e ON e.seat_id = s.id
        JOIN decision d ON d.id = e.decision_id
        WHERE i.case_id = one AND s.organisation_id = organisation AND d.deleted_at IS NULL
            AND acl.is_addressed(d.id, who, organisation)
    );
END $$;

-- Something the own organisation brought, seen by who represents it at the case's table.
CREATE FUNCTION acl.brought_to(one uuid, organisation uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM section WHERE source_organisation_id = organisation AND case_id = one
    );
END $$;

CREATE FUNCTION acl.sees_case(
    one uuid, its_table uuid, who uuid, organisation uuid, served uuid[], represented uuid[]
) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce(
        who IS NOT NULL AND (
            its_table = ANY (served)
            OR acl.sits_at_case(one, who, organisation)
            OR (its_table = ANY (represented) AND acl.brought_to(one, organisation))
            OR acl.holds_action_of(one, who, organisation, represented)
            OR acl.keeps_case(one, who, organisation)
            OR acl.served_case_before(one, served)
            OR acl.has_task(one, who, organisation)
            OR acl.reads_in_emergency(one, who)
            -- NEW GROUNDS on a case go here.
        ),
        false
    );
END $$;

CREATE FUNCTION acl.sees_section(
    one uuid, of_case uuid, source uuid,
    who uuid, organisation uuid, served uuid[], represented uuid[]
) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce(
        who IS NOT NULL AND (
            acl.serves_case(of_case, served)
            OR (source = organisation AND acl.serves_case(of_case, represented))
            OR acl.is_asked_about(one, of_case)
            OR acl.is_task_for(one, of_case, who, organisation)
            OR acl.reads_in_emergency(of_case, who)
            -- NEW GROUNDS on a section go here.
        ),
        false
    );
END $$;

-- What may be written: staff of the case's table; the source what it brought; and who is asked.
CREATE FUNCTION acl.writes_section(
    one uuid, of_case uuid, source uuid,
    who uuid, organisation uuid, served uuid[], represented uuid[]
) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
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
                        AND acl.occupies(s.id, who, organisation)
                        AND r.withdrawn_at IS NULL
                        AND (r.section_id IS NULL OR r.section_id = one)
                )
            ))
        ),
        false
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
    id <> ALL ((SELECT acl.barred_cases())::uuid[])
    AND acl.sees_case(
        id, table_id, (SELECT acl.person()), (SELECT acl.organisation()),
        (SELECT acl.served_tables()), (SELECT acl.represented_tables())
    )
);
CREATE POLICY written ON "case" FOR ALL USING (
    id <> ALL ((SELECT acl.barred_cases())::uuid[]) AND table_id = ANY ((SELECT acl.served_tables())::uuid[])
);

CREATE POLICY seen ON section FOR SELECT USING (
    case_id <> ALL ((SELECT acl.barred_cases())::uuid[])
    AND (
        id = ANY ((SELECT acl.opened_sections())::uuid[])
        OR acl.sees_section(
            id, case_id, source_organisation_id,
            (SELECT acl.person()), (SELECT acl.organisation()),
            (SELECT acl.served_tables()), (SELECT acl.represented_tables())
        )
    )
);
CREATE POLICY added ON section FOR INSERT WITH CHECK (
    case_id <> ALL ((SELECT acl.barred_cases())::uuid[])
    AND acl.writes_section(
        id, case_id, source_organisation_id,
        (SELECT acl.person()), (SELECT acl.organisation()),
        (SELECT acl.served_tables()), (SELECT acl.represented_tables())
    )
);
CREATE POLICY changed ON section FOR UPDATE USING (
    case_id <> ALL ((SELECT acl.barred_cases())::uuid[])
    AND acl.writes_section(
        id, case_id, source_organisation_id,
        (SELECT acl.person()), (SELECT acl.organisation()),
        (SELECT acl.served_tables()), (SELECT acl.represented_tables())
    )
);
CREATE POLICY deleted ON section FOR DELETE USING (
    case_id <> ALL ((SELECT acl.barred_cases())::uuid[])
    AND acl.serves_case(case_id, (SELECT acl.served_tables()))
);

CREATE POLICY served ON person_concerned USING (
    case_id <> ALL ((SELECT acl.barred_cases())::uuid[])
    AND acl.serves_case(case_id, (SELECT acl.served_tables()))
);
-- Without a name; whom the sections are about.
CREATE POLICY seen ON person_concerned FOR SELECT USING (
    case_id <> ALL ((SELECT acl.barred_cases())::uuid[])
    AND acl.reads_in_emergency(case_id, (SELECT acl.person()))
);

-- Staff see what they took back too: without that they could not take it back.
CREATE POLICY served ON decision USING (
    case_id <> ALL ((SELECT acl.barred_cases())::uuid[])
    AND acl.serves_item(item_id, (SELECT acl.served_tables()))
);
CREATE POLICY seen ON decision FOR SELECT USING (
    case_id <> ALL ((SELECT acl.barred_cases())::uuid[])
    AND deleted_at IS NULL
    AND acl.is_addressed(id, (SELECT acl.person()), (SELECT acl.organisation()))
    -- NEW GROUNDS on a decision go here.
);

CREATE POLICY held ON action USING (
    case_id <> ALL ((SELECT acl.barred_cases())::uuid[])
    AND acl.follows_action(
        table_id, organisation_id, person_id,
        (SELECT acl.person()), (SELECT acl.organisation()),
        (SELECT acl.served_tables()), (SELECT acl.represented_tables())
    )
);
CREATE POLICY seen ON action FOR SELECT USING (
    case_id <> ALL ((SELECT acl.barred_cases())::uuid[])
    AND organisation_id = (SELECT acl.organisation())
    AND acl.keeps_item(item_id, (SELECT acl.person()), (SELECT acl.organisation()))
    -- NEW GROUNDS on an action go here.
);
CREATE POLICY of_action ON action_event USING (
    EXISTS (
        SELECT FROM action a
        WHERE a.id = action_id
            AND acl.follows_action(
                a.table_id, a.organisation_id, a.person_id,
                (SELECT acl.person()), (SELECT acl.organisation()),
                (SELECT acl.served_tables()), (SELECT acl.represented_tables())
            )
    )
);

CREATE POLICY served ON exclusion_reason FOR SELECT USING (
    EXISTS (
        SELECT FROM exclusion e
        WHERE e.id = exclusion_id AND e.case_id <> ALL ((SELECT acl.barred_cases())::uuid[])
            AND acl.serves_case(e.case_id, (SELECT acl.served_tables()))
    )
);
-- Somebody who excludes himself is barred before the reason is stored.
CREATE POLICY added ON exclusion_reason FOR INSERT WITH CHECK (
    EXISTS (
        SELECT FROM exclusion e
        WHERE e.id = exclusion_id AND acl.serves_case(e.case_id, (SELECT acl.served_tables()))
    )
);

CREATE POLICY served ON seat_proposal USING (
    EXISTS (
        SELECT FROM seat s
        JOIN agenda_item i ON i.id = s.item_id
        WHERE s.id = seat_id AND i.case_id <> ALL ((SELECT acl.barred_cases())::uuid[])
            AND acl.serves_case(i.case_id, (SELECT acl.served_tables()))
    )
);
CREATE POLICY added ON seat_proposal FOR INSERT WITH CHECK (
    EXISTS (
        SELECT FROM seat s
        JOIN agenda_item i ON i.id = s.item_id
        WHERE s.id = seat_id AND s.is_proposed
            AND s.organisation_id = (SELECT acl.organisation())
            AND i.case_id <> ALL ((SELECT acl.barred_cases())::uuid[])
            AND acl.sits_at_case(
                i.case_id, (SELECT acl.person()), (SELECT acl.organisation())
            )
    )
);

CREATE POLICY served ON reply USING (
    table_id = ANY ((SELECT acl.served_tables())::uuid[])
    AND person_id IS NOT NULL
    AND NOT acl.tells_of_a_barred_case(
        table_id, meeting_id, invitation_id, person_id, (SELECT acl.barred_cases())
    )
);

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
