//! Records of high volume or of the service itself: messages, invitations, compliance events, idempotency keys, tokens.

use super::{Row, Transaction};
use crate::api::Problem;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// A message of a room.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) room: i64,
    pub(crate) chat_id: i64,
    /// Milliseconds since 1970.
    pub(crate) posted: i64,
    /// The author's SIP address as it was.
    pub(crate) author: String,
    pub(crate) size: i64,
    /// `content` and what else there is to it.
    pub(crate) body: Map<String, Value>,
}

/// An invitation of a principal to a room.
#[derive(Clone, Debug)]
pub(crate) struct Invitation {
    pub(crate) principal: i64,
    pub(crate) invite: i64,
    pub(crate) created: i64,
}

/// An event waiting for the compliance adapter.
#[derive(Clone, Debug)]
pub(crate) struct ComplianceEvent {
    pub(crate) id: i64,
    pub(crate) room: String,
    pub(crate) at: i64,
    pub(crate) body: Map<String, Value>,
}

/// A bearer token; only its hash is kept.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) id: i64,
    /// SAM name of the user it stands for; none is the local operator.
    pub(crate) actor: Option<String>,
    pub(crate) label: String,
    pub(crate) read_only: bool,
    pub(crate) created: i64,
    pub(crate) expires: i64,
    pub(crate) revoked: Option<i64>,
}

/// How much there is of what piles up.
pub(crate) struct Tallies {
    /// Records of the audit trail.
    pub(crate) audit: i64,
    /// Events not yet delivered.
    pub(crate) events: i64,
    /// What was said and no adapter has written yet.
    pub(crate) compliance: i64,
    /// Tokens and certificates that open the door.
    pub(crate) tokens: i64,
}

/// Number of messages, bytes of content, and the last one's time, by room.
pub(crate) type TotalsByRoom = HashMap<i64, (i64, i64, Option<i64>)>;

const MESSAGES: &str = "SELECT room, chat_id, posted, author, size, body FROM message \
    WHERE room = $1 AND posted >= $2 AND posted <= $3 AND chat_id > $4 ORDER BY chat_id LIMIT $5";
const TOKEN: &str = "SELECT id, actor, label, read_only, created, expires, revoked FROM token";

impl Message {
    fn read(row: &Row<'_>) -> Result<Self, Problem> {
        Ok(Message {
            room: row.integer(0)?,
            chat_id: row.integer(1)?,
            posted: row.integer(2)?,
            author: row.text(3)?,
            size: row.integer(4)?,
            body: row.document(5)?,
        })
    }
}

impl Token {
    fn read(row: &Row<'_>) -> Result<Self, Problem> {
        Ok(Token {
            id: row.integer(0)?,
            actor: row.optional_text(1)?,
            label: row.text(2)?,
            read_only: row.integer(3)? != 0,
            created: row.integer(4)?,
            expires: row.integer(5)?,
            revoked: row.optional_integer(6)?,
        })
    }
}

impl Transaction {
    /// Messages of a room posted within a span, after a chat id, in order.
    pub(crate) fn messages(
        &mut self,
        room: i64,
        from: i64,
        to: i64,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Message>, Problem> {
        self.all(MESSAGES, &[room.into(), from.into(), to.into(), after.into(), limit.into()], Message::read)
    }

    /// Adds a message.
    pub(crate) fn insert_message(&mut self, message: &Message) -> Result<(), Problem> {
        const SQL: &str = "INSERT INTO message (room, chat_id, posted, author, size, body) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        let body = serde_json::to_string(&message.body).map_err(Problem::internal)?;
        let parameters = [
            message.room.into(),
            message.chat_id.into(),
            message.posted.into(),
            (&message.author).into(),
            message.size.into(),
            (&body).into(),
        ];
        self.execute(SQL, &parameters).map(drop)
    }

    /// Writes a message's content over.
    pub(crate) fn update_message(&mut self, message: &Message) -> Result<(), Problem> {
        const SQL: &str = "UPDATE message SET size = $1, body = $2 WHERE room = $3 AND chat_id = $4";
        let body = serde_json::to_string(&message.body).map_err(Problem::internal)?;
        self.execute(SQL, &[message.size.into(), (&body).into(), message.room.into(), message.chat_id.into()]).map(drop)
    }

    /// Deletes one message.
    pub(crate) fn delete_message(&mut self, room: i64, chat_id: i64) -> Result<(), Problem> {
        const SQL: &str = "DELETE FROM message WHERE room = $1 AND chat_id = $2";
        self.execute(SQL, &[room.into(), chat_id.into()]).map(drop)
    }

    /// Deletes the messages of a room posted up to a moment; how many they were.
    pub(crate) fn delete_messages_until(&mut self, room: i64, until: i64) -> Result<u64, Problem> {
        self.execute("DELETE FROM message WHERE room = $1 AND posted <= $2", &[room.into(), until.into()])
    }

    /// Number of messages of a room, bytes of content, and the last one's time.
    pub(crate) fn message_totals(&mut self, room: i64) -> Result<(i64, i64, Option<i64>), Problem> {
        const SQL: &str =
            "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT), MAX(posted) FROM message WHERE room = $1";
        let totals =
            self.first(SQL, &[room.into()], |row| Ok((row.integer(0)?, row.integer(1)?, row.optional_integer(2)?)))?;
        Ok(totals.unwrap_or((0, 0, None)))
    }

    /// The same of every room that has messages, among the objects of a kind from one key to another.
    pub(crate) fn message_totals_between(
        &mut self,
        kind: &str,
        first: &str,
        last: &str,
    ) -> Result<TotalsByRoom, Problem> {
        const SQL: &str = "SELECT room, COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT), MAX(posted) FROM message \
            WHERE room IN (SELECT id FROM object WHERE kind = $1 AND key >= $2 AND key <= $3) GROUP BY room";
        let rows = self.all(SQL, &[kind.into(), first.into(), last.into()], |row| {
            Ok((row.integer(0)?, (row.integer(1)?, row.integer(2)?, row.optional_integer(3)?)))
        })?;
        Ok(rows.into_iter().collect())
    }

    /// Deletes everything that hangs on a room, so that the room itself can go.
    pub(crate) fn delete_room_contents(&mut self, room: i64) -> Result<(), Problem> {
        self.execute("DELETE FROM message WHERE room = $1", &[room.into()])?;
        self.execute("DELETE FROM invitation WHERE room = $1", &[room.into()]).map(drop)
    }

    /// Invites a principal to a room, once. Numbers run per principal.
    pub(crate) fn invite(&mut self, principal: i64, room: i64, created: i64) -> Result<(), Problem> {
        const SQL: &str = "INSERT INTO invitation (principal, room, created, invite) VALUES ($1, $2, $3, \
            (SELECT COALESCE(MAX(i.invite), 0) + 1 FROM invitation i WHERE i.principal = $1)) ON CONFLICT DO NOTHING";
        self.execute(SQL, &[principal.into(), room.into(), created.into()]).map(drop)
    }

    /// The invitations of a room.
    pub(crate) fn invitations(&mut self, room: i64) -> Result<Vec<Invitation>, Problem> {
        const SQL: &str = "SELECT principal, room, invite, created FROM invitation WHERE room = $1 ORDER BY principal";
        self.all(SQL, &[room.into()], |row| {
            Ok(Invitation { principal: row.integer(0)?, invite: row.integer(2)?, created: row.integer(3)? })
        })
    }

    /// How much there is of what piles up.
    pub(crate) fn tallies(&mut self, now: i64) -> Result<Tallies, Problem> {
        const SQL: &str = "SELECT (SELECT COUNT(*) FROM audit), (SELECT COUNT(*) FROM outbox WHERE delivered IS NULL), \
            (SELECT COUNT(*) FROM compliance_event), \
            (SELECT COUNT(*) FROM token WHERE revoked IS NULL AND expires > $1)";
        let found = self.first(SQL, &[now.into()], |row| {
            let (audit, events) = (row.integer(0)?, row.integer(1)?);
            Ok(Tallies { audit, events, compliance: row.integer(2)?, tokens: row.integer(3)? })
        })?;
        found.ok_or_else(|| Problem::internal("the store counts nothing"))
    }

    /// Queues an event for compliance.
    pub(crate) fn queue_compliance(
        &mut self,
        pool: &str,
        room: &str,
        at: i64,
        body: &Map<String, Value>,
    ) -> Result<(), Problem> {
        const SQL: &str = "INSERT INTO compliance_event (pool, room, at, body) VALUES ($1, $2, $3, $4)";
        let body = serde_json::to_string(body).map_err(Problem::internal)?;
        self.execute(SQL, &[pool.into(), room.into(), at.into(), (&body).into()]).map(drop)
    }

    /// Events of a pool waiting for its adapter, in order.
    pub(crate) fn compliance_events(&mut self, pool: &str, limit: i64) -> Result<Vec<ComplianceEvent>, Problem> {
        const SQL: &str = "SELECT id, pool, room, at, body FROM compliance_event WHERE pool = $1 ORDER BY id LIMIT $2";
        self.all(SQL, &[pool.into(), limit.into()], |row| {
            Ok(ComplianceEvent { id: row.integer(0)?, room: row.text(2)?, at: row.integer(3)?, body: row.document(4)? })
        })
    }

    /// Deletes a pool's events up to one that the adapter has processed.
    pub(crate) fn delete_compliance_events(&mut self, pool: &str, through: i64) -> Result<u64, Problem> {
        self.execute("DELETE FROM compliance_event WHERE pool = $1 AND id <= $2", &[pool.into(), through.into()])
    }

    /// What an idempotency key answered before: the request's fingerprint and the reply.
    pub(crate) fn remembered_reply(&mut self, actor: &str, key: &str) -> Result<Option<(String, String)>, Problem> {
        const SQL: &str = "SELECT fingerprint, reply FROM idempotency WHERE actor = $1 AND key = $2";
        self.first(SQL, &[actor.into(), key.into()], |row| Ok((row.text(0)?, row.text(1)?)))
    }

    /// Keeps the reply to an idempotency key.
    pub(crate) fn remember_reply(&mut self, key: &str, fingerprint: &str, reply: &str) -> Result<(), Problem> {
        const SQL: &str =
            "INSERT INTO idempotency (actor, key, fingerprint, reply, created) VALUES ($1, $2, $3, $4, $5)";
        let origin = self.origin()?;
        let (actor, now) = (origin.actor.clone(), origin.now);
        self.execute_later(SQL, &[(&actor).into(), key.into(), fingerprint.into(), reply.into(), now.into()])
    }

    /// Forgets idempotency keys older than a moment.
    pub(crate) fn forget_replies(&mut self, before: i64) -> Result<u64, Problem> {
        self.execute("DELETE FROM idempotency WHERE created < $1", &[before.into()])
    }

    /// Adds a token by its hash.
    pub(crate) fn insert_token(&mut self, hash: &str, token: &Token) -> Result<i64, Problem> {
        const SQL: &str = "INSERT INTO token (hash, actor, label, read_only, created, expires) \
            VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
        let parameters = [
            hash.into(),
            token.actor.as_deref().into(),
            (&token.label).into(),
            i64::from(token.read_only).into(),
            token.created.into(),
            token.expires.into(),
        ];
        Ok(self.first(SQL, &parameters, |row| row.integer(0))?.unwrap_or_default())
    }

    /// The token with this hash.
    pub(crate) fn token(&mut self, hash: &str) -> Result<Option<Token>, Problem> {
        const SQL: &str = "SELECT id, actor, label, read_only, created, expires, revoked FROM token WHERE hash = $1";
        self.first(SQL, &[hash.into()], Token::read)
    }

    /// All tokens.
    pub(crate) fn tokens(&mut self) -> Result<Vec<Token>, Problem> {
        self.all(TOKEN, &[], Token::read)
    }

    /// Ends a token's life; false where there is none.
    pub(crate) fn revoke_token(&mut self, id: i64, now: i64) -> Result<bool, Problem> {
        const SQL: &str = "UPDATE token SET revoked = $1 WHERE id = $2 AND revoked IS NULL";
        Ok(self.execute(SQL, &[now.into(), id.into()])? > 0)
    }

    /// An account's password hash, failures in a row, and until when it is locked.
    pub(crate) fn account(&mut self, actor: &str) -> Result<Option<(String, i64, i64)>, Problem> {
        const SQL: &str = "SELECT password, failures, locked_until FROM account WHERE actor = $1";
        self.first(SQL, &[actor.into()], |row| Ok((row.text(0)?, row.integer(1)?, row.integer(2)?)))
    }

    /// All accounts with a password: name, failures in a row, and until when they wait.
    pub(crate) fn accounts(&mut self) -> Result<Vec<(String, i64, i64)>, Problem> {
        const SQL: &str = "SELECT actor, failures, locked_until FROM account ORDER BY actor";
        self.all(SQL, &[], |row| Ok((row.text(0)?, row.integer(1)?, row.integer(2)?)))
    }

    /// Takes an account's password away; false where it has none.
    pub(crate) fn remove_account(&mut self, actor: &str) -> Result<bool, Problem> {
        Ok(self.execute("DELETE FROM account WHERE actor = $1", &[actor.into()])? > 0)
    }

    /// Sets an account's password hash and counters.
    pub(crate) fn set_account(
        &mut self,
        actor: &str,
        password: &str,
        failures: i64,
        locked: i64,
    ) -> Result<(), Problem> {
        const SQL: &str = "INSERT INTO account (actor, password, failures, locked_until) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (actor) DO UPDATE SET password = excluded.password, failures = excluded.failures, \
            locked_until = excluded.locked_until";
        self.execute(SQL, &[actor.into(), password.into(), failures.into(), locked.into()]).map(drop)
    }
}
