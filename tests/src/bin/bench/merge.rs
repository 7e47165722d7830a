//! Claims that one core takes in and merges: a hundred thousand contacts, four sources each.

use std::sync::Arc;
use std::time::{Duration, Instant};

use directory_model::clock::{Clock, ManualClock};
use directory_model::contact::ContactFields;
use directory_model::id::{ContactId, CountedIds, TenantId};
use directory_model::presence::{Availability, Claim, ClaimKind};
use directory_model::tenant::TenantFields;
use directory_model::timestamp::Timestamp;
use gateway_presence::book::{Book, Offer};
use gateway_presence::facts::{ContactFacts, FactChange, TenantFacts};

use crate::measure::median;

const CONTACTS: usize = 100_000;
const SOURCES: [ClaimKind; 4] = [ClaimKind::Computer, ClaimKind::Mobile, ClaimKind::Calendar, ClaimKind::Telephone];
const ROUNDS: i64 = 5;

/// Prints how many claims a second are taken in, each with the contact's presence merged anew, the
/// median of five rounds in which everybody's sources say something else each time.
pub(crate) fn run() {
    let now: Timestamp = "2026-11-23T09:30:00Z".parse().expect("a moment");
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(now));
    let (book, ids) = (Book::new(clock), CountedIds::default());
    let tenant = TenantId::new(&ids);
    let contacts: Vec<ContactId> = (0..CONTACTS).map(|_| ContactId::new(&ids)).collect();
    let fact = |id: &ContactId| FactChange::Contact(ContactFacts::new(*id, &ContactFields::default(), Vec::new()));
    let settings = FactChange::Tenant(TenantFacts::new(&TenantFields::default()));
    book.apply(tenant, contacts.iter().map(fact).chain([settings]).collect());

    let mut rates = Vec::new();
    for round in 0..=ROUNDS {
        let claims: Vec<Claim> = claims(&contacts, round, now);
        let count = claims.len();
        let (started, mut busy) = (Instant::now(), 0_usize);
        for claim in claims {
            let contact = claim.contact;
            assert_eq!(book.offer_claim(tenant, claim), Offer::Accepted);
            busy += usize::from(book.presence(tenant, contact).availability == Availability::Busy);
        }
        let rate = f64::from(u32::try_from(count).expect("few")) / started.elapsed().as_secs_f64();
        println!("round {round}: {rate:.0} claims a second, {busy} times somebody was busy");
        // In the first round everything is new: it fills the memory that the others find.
        if round > 0 {
            rates.push(rate);
        }
    }
    println!("claims taken in and merged on one core: {:.0} a second (at least 1,000,000)", median(&mut rates));
}

/// What every source of every contact says in one round, source by source.
fn claims(contacts: &[ContactId], round: i64, now: Timestamp) -> Vec<Claim> {
    let says = |kind: ClaimKind, number: usize| match kind {
        ClaimKind::Calendar | ClaimKind::Telephone
            if (number + usize::try_from(round).unwrap_or(0)).is_multiple_of(3) =>
        {
            Availability::Busy
        }
        ClaimKind::Mobile => Availability::Away,
        _ => Availability::Available,
    };
    let of_source = |kind: ClaimKind| {
        contacts.iter().enumerate().map(move |(number, contact)| Claim {
            contact: *contact,
            kind,
            source: "source".into(),
            device: String::new(),
            version: round,
            availability: says(kind, number),
            activity: None,
            is_out_of_office: false,
            is_tentative: false,
            is_ringing: false,
            is_repeated: true,
            custom: None,
            since: now,
            heard_at: now,
            expires_at: Some(now.plus(Duration::from_mins(5))),
        })
    };
    SOURCES.into_iter().flat_map(of_source).collect()
}
