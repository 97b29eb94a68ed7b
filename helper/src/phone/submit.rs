//! Submitting the form: one rung of the ladder, with or without the file, and the phone's answer
//! followed to where it says something.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, SystemTime};

use shared::form::Submission;
use tokio::time::sleep;

use super::answer::{Answer, RecoveryPage, confirmation};
use super::client::{PhoneClient, note, raw};
use super::exchange::{ExchangeError, exchange, exchange_pieces};
use super::exchange_log::RecordedExchange;
use super::ladder::{Again, Rung, Segments};
use super::links::links;
use super::reply::Reply;
use super::resolve::Here;
use super::upload::{UploadError, Uploaded, send};
use super::verdict::{Verdict, upload_verdict, verdict};

/// Between two submissions of one rung: about as long as a person needs for a reload
/// (domain.md 7.5, R4).
const BETWEEN_REPEATS: Duration = Duration::from_secs(2);
/// Pages that the answer to a submission may lead to.
const MOST_ANSWERS: usize = 3;

impl PhoneClient {
    /// Submits the form in one way of the ladder. A rung that sends twice does not, once the
    /// phone is `fetching` or says that it is.
    ///
    /// # Errors
    /// When the phone gave no answer: it may have taken the form all the same.
    pub async fn submit(
        &self,
        rung: &Rung,
        page: &RecoveryPage,
        submission: &Submission,
        fetching: &AtomicBool,
    ) -> Result<Verdict, ExchangeError> {
        let first = self.submit_once(rung, page, submission, fetching).await;
        if rung.again == Again::No || first == Ok(Verdict::Taken) {
            return first;
        }
        sleep(BETWEEN_REPEATS).await;
        let is_fetching = || fetching.load(Ordering::Relaxed);
        if is_fetching() {
            return first;
        }
        let mut page = page.clone();
        if rung.again == Again::Anew {
            match self.look().await.map(|sighting| sighting.answer) {
                Ok(Answer::Busy) => return Ok(Verdict::Taken),
                Ok(Answer::Recovery(fresh)) if same_form(&fresh, &page) => page = *fresh,
                // It left its recovery, or nobody knows what it does.
                Ok(Answer::Normal { .. }) | Err(_) => return first,
                Ok(Answer::Recovery(_) | Answer::Stranger { .. }) => {}
            }
            if is_fetching() {
                return first;
            }
        }
        self.submit_once(rung, &page, submission, fetching).await
    }

    async fn submit_once(
        &self,
        rung: &Rung,
        page: &RecoveryPage,
        submission: &Submission,
        fetching: &AtomicBool,
    ) -> Result<Verdict, ExchangeError> {
        let (reply, here) = self.post(rung, page, submission).await?;
        let first = verdict(&reply, &here);
        // "Are you sure?": a person would say yes, once.
        if let (Verdict::Noted(_) | Verdict::Unknown(_), false, Some(question)) =
            (&first, fetching.load(Ordering::Relaxed), confirmation(&reply, &here))
        {
            let (reply, here) = self.post(rung, &question, submission).await?;
            let second = verdict(&reply, &here);
            return Ok(self.judge(second, &reply, here, fetching, verdict).await);
        }
        Ok(self.judge(first, &reply, here, fetching, verdict).await)
    }

    /// Sends a form and gives what came back, and where it came from.
    async fn post(
        &self,
        rung: &Rung,
        page: &RecoveryPage,
        submission: &Submission,
    ) -> Result<(Reply, Here), ExchangeError> {
        let outgoing = rung.request(&self.address, page, submission);
        let head = self.with_cookies(&outgoing.head);
        let whole = [head.as_slice(), &outgoing.body].concat();
        let (at, socket) = (SystemTime::now(), self.socket()?);
        let found = match outgoing.segments {
            Segments::Two if !outgoing.body.is_empty() => {
                exchange_pieces(socket, &[&head, &outgoing.body]).await
            }
            Segments::One | Segments::Two => exchange(socket, &whole).await,
        };
        self.learn(&found);
        self.record_submission(at, &whole, raw(&found), page);
        let found = note(socket, &whole, found)?;
        Ok((found.reply, self.here(rung.action(page))))
    }

    /// An answer that says nothing by itself may lead to one that does: a redirect, a refresh or
    /// frames, read as long as they are the phone's and it does not fetch.
    async fn judge(
        &self,
        first: Verdict,
        reply: &Reply,
        here: Here,
        fetching: &AtomicBool,
        read: impl Fn(&Reply, &Here) -> Verdict,
    ) -> Verdict {
        let (mut words, mut is_noted) = match first {
            Verdict::Noted(words) => (words, true),
            Verdict::Unknown(words) => (words, false),
            Verdict::Taken | Verdict::Refused(_) => return first,
        };
        let leads = links(reply, &here);
        if let Some(place) = leads.elsewhere.first() {
            words = format!("{words} (it leads to {place}, which is not the phone)").trim().to_owned();
        }
        let mut queue: VecDeque<String> = leads.onward.into_iter().chain(leads.frames).collect();
        let mut seen = HashSet::new();
        while let Some(path) = queue.pop_front() {
            if fetching.load(Ordering::Relaxed) || seen.len() >= MOST_ANSWERS {
                break;
            }
            if !seen.insert(path.clone()) {
                continue;
            }
            let Ok((page, answer)) = self.glance(&path).await else { continue };
            // A page that is not there says nothing about the form: the phone is busy with it.
            if page.reply.status >= 400 {
                continue;
            }
            match read(&page.reply, &here) {
                _ if answer == Answer::Busy => return Verdict::Taken,
                Verdict::Noted(more) => {
                    is_noted = true;
                    words = if words.is_empty() { more } else { words };
                }
                Verdict::Unknown(more) if words.is_empty() => words = more,
                Verdict::Unknown(_) => {}
                verdict => return verdict,
            }
            let leads = links(&page.reply, &here.at(path));
            queue.extend(leads.onward.into_iter().chain(leads.frames));
        }
        if is_noted { Verdict::Noted(words) } else { Verdict::Unknown(words) }
    }

    /// Sends the form and the file with it. The form is read once more right before: its hidden
    /// token is good for one time. `progress` hears how many bytes of the file were handed to
    /// the connection.
    ///
    /// # Errors
    /// When the phone is not reached, takes no more, or closes without a word in the middle.
    pub async fn upload(
        &self,
        rung: &Rung,
        page: &RecoveryPage,
        submission: &Submission,
        bytes: Arc<Vec<u8>>,
        progress: impl Fn(u64) + Send + Sync,
    ) -> Result<Uploaded, UploadError> {
        let mut page = page.clone();
        match self.look().await.map(|sighting| sighting.answer) {
            Ok(Answer::Recovery(fresh)) if same_form(&fresh, &page) => page = *fresh,
            Ok(Answer::Busy) => return Ok(Uploaded { verdict: Verdict::Taken, sent: 0, whole: false }),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let mut outgoing = rung.upload_request(&self.address, &page, submission, bytes.len());
        outgoing.head = self.with_cookies(&outgoing.head);
        let file = format!("<the {} bytes of {}>", bytes.len(), submission.file).into_bytes();
        let told = [outgoing.head.as_slice(), &outgoing.body, &file, &outgoing.after].concat();
        let (at, socket) = (SystemTime::now(), self.socket()?);
        let answered = send(socket, &outgoing, &bytes, &progress).await;
        let recorded = answered.as_ref().map(|answered| answered.raw.as_slice()).map_err(ToString::to_string);
        self.record_submission(at, &told, recorded, &page);
        let answered = answered?;
        let whole = answered.sent == bytes.len() as u64;
        let reply = Reply::read(&answered.raw);
        let here = self.here(rung.action(&page));
        let first = upload_verdict(&reply, &here);
        let verdict = self.judge(first, &reply, here, &AtomicBool::new(false), upload_verdict).await;
        Ok(Uploaded { verdict, sent: answered.sent, whole })
    }

    fn record_submission(
        &self,
        at: SystemTime,
        request: &[u8],
        reply: Result<&[u8], String>,
        page: &RecoveryPage,
    ) {
        let recorded = RecordedExchange::new(at, request, reply, &page.secrets());
        self.log.lock().unwrap_or_else(PoisonError::into_inner).submitted(recorded);
    }
}

/// Whether this is the same form again, perhaps with another token in it.
fn same_form(one: &RecoveryPage, two: &RecoveryPage) -> bool {
    let names = |page: &RecoveryPage| -> Vec<String> {
        page.form.controls.iter().map(|control| control.name.clone()).collect()
    };
    one.form.action == two.form.action && names(one) == names(two)
}
