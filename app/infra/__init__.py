"""The technical floor: database, clock, crypto, outbox, mail, calendar, markup; knows no case."""
