//! The conversation with one page: a snapshot, then every change, and what the page asks.

use axum::extract::State;
use axum::extract::ws::{Message as Frame, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use shared::protocol::{Command, MESSAGE_LIMIT_BYTES, Message, Rejection, decode, encode};
use tokio::sync::broadcast::error::RecvError;

use super::Context;
use crate::session::desk::{Desk, Refused};

pub(super) async fn connect(State(context): State<Context>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .max_message_size(MESSAGE_LIMIT_BYTES)
        .max_frame_size(MESSAGE_LIMIT_BYTES)
        .on_upgrade(move |socket| converse(socket, context.desk))
}

/// Until the page leaves. A page that goes away in any manner is normal.
async fn converse(mut socket: WebSocket, desk: Desk) {
    let _connected = desk.page_connected();
    let (seq, state, mut changes) = desk.watch();
    let snapshot = Message::Snapshot { seq, state: Box::new(state) };
    if say(&mut socket, &snapshot).await.is_err() {
        return;
    }
    loop {
        let answer = tokio::select! {
            change = changes.recv() => match change {
                Ok((seq, change)) => Some(Message::Change { seq, change }),
                // A page too slow for the changes gets the whole state instead.
                Err(RecvError::Lagged(_)) => Some(fresh_snapshot(&desk, &mut changes)),
                Err(RecvError::Closed) => return,
            },
            frame = socket.recv() => match frame {
                Some(Ok(Frame::Text(text))) => heard(&text, &desk, &mut changes),
                Some(Ok(Frame::Binary(_))) => {
                    Some(rejected((Rejection::NotUnderstood, "a binary message".into())))
                }
                Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => None,
                Some(Ok(Frame::Close(_)) | Err(_)) | None => return,
            },
        };
        if let Some(answer) = answer
            && say(&mut socket, &answer).await.is_err()
        {
            return;
        }
    }
}

type Changes = tokio::sync::broadcast::Receiver<crate::session::desk::Numbered>;

fn heard(text: &str, desk: &Desk, changes: &mut Changes) -> Option<Message> {
    let command = match decode::<Command>(text) {
        Ok(command) => command,
        Err(refused) => return Some(rejected(refused)),
    };
    let done = match command {
        Command::GetSnapshot => return Some(fresh_snapshot(desk, changes)),
        Command::Start { job } => desk.start(job).map(drop),
        Command::Retry { phone } => desk.retry(phone),
        Command::Stop { phone } => desk.stop(phone),
        Command::Forget { phone } => desk.forget(phone),
        Command::ForgetFirmware { firmware } => desk.forget_firmware(firmware),
        Command::Look { shown } => desk.look(&shown),
        Command::UsePracticeFirmware => desk.use_practice_firmware(),
    };
    done.err().map(rejected)
}

fn fresh_snapshot(desk: &Desk, changes: &mut Changes) -> Message {
    let (seq, state, newer) = desk.watch();
    *changes = newer;
    Message::Snapshot { seq, state: Box::new(state) }
}

fn rejected((reason, detail): Refused) -> Message {
    Message::Rejected { reason, detail }
}

async fn say(socket: &mut WebSocket, message: &Message) -> Result<(), axum::Error> {
    socket.send(Frame::Text(encode(message).into())).await
}
