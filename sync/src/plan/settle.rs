//! Pure: who gets an address that is held by somebody else, once everything is known.
//!
//! An address that its holder gives up in the same plan is free, so two people may exchange
//! addresses and a joiner may take a leaver's.

use std::collections::{HashMap, HashSet};

use directory_model::address::{AddressKind, ContactKey};
use directory_model::id::ContactId;
use directory_model::invalid::{Invalid, Rule};
use directory_model::record::AddressHolder;
use directory_model::run::PlanStep;

use super::left_out;
use super::steps::Claims;

/// An address that a step needs for its contact.
#[derive(Debug)]
pub(crate) struct Want {
    pub(crate) key: ContactKey,
    pub(crate) address: String,
    pub(crate) holder: Option<AddressHolder>,
}

impl Want {
    /// Whether entries and contacts made by hand are matched by such an address.
    pub(super) fn links(&self) -> bool {
        matches!(self.key.kind, AddressKind::Sip | AddressKind::Mail)
    }
}

/// A step that waits for addresses.
#[derive(Debug)]
pub(crate) struct Wish {
    pub(crate) step: PlanStep,
    pub(crate) wants: Vec<Want>,
    pub(crate) frees: Vec<(ContactId, ContactKey)>,
    pub(crate) name: String,
}

/// The addresses that steps take and give up, and the steps that wait for one.
#[derive(Debug, Default)]
pub(crate) struct Places {
    claims: Claims,
    freed: HashSet<(ContactId, ContactKey)>,
    wishes: Vec<Wish>,
}

impl Places {
    /// A step whose addresses are all free is taken; another one waits.
    pub(crate) fn place(&mut self, wish: Wish) -> Option<PlanStep> {
        if wish.wants.iter().any(|want| want.holder.is_some() || self.claims.holder(&want.key).is_some()) {
            self.wishes.push(wish);
            return None;
        }
        for want in &wish.wants {
            self.claims.claim(&want.key, &wish.name);
        }
        self.freed.extend(wish.frees);
        Some(wish.step)
    }

    /// What becomes of those that wait, once everything is known.
    pub(crate) fn settle(self, leavers: &[PlanStep]) -> Vec<PlanStep> {
        let leaving = leavers.iter().filter_map(|step| step.contact.map(|contact| contact.id)).collect();
        settle(self.wishes, &self.claims, &self.freed, &leaving)
    }
}

/// Grants every wish that can be granted together with the others and leaves the rest out.
fn settle(
    mut wishes: Vec<Wish>,
    claims: &Claims,
    freed: &HashSet<(ContactId, ContactKey)>,
    leaving: &HashSet<ContactId>,
) -> Vec<PlanStep> {
    // The outcome must not depend on the order in which a directory answers.
    wishes.sort_by(|one, other| one.step.external_id.cmp(&other.step.external_id));
    let denied = deny(&wishes, claims, freed, leaving);
    let order = order(&wishes, &denied);
    let mut granted: Vec<Option<Wish>> = Vec::with_capacity(wishes.len());
    let mut steps = Vec::with_capacity(wishes.len());
    for (wish, denial) in wishes.into_iter().zip(denied) {
        match denial {
            Some(denial) => {
                let reason = denial.reason(&wish);
                let PlanStep { external_id, locator, contact, .. } = wish.step;
                steps.push(left_out(external_id, locator, contact, reason));
                granted.push(None);
            }
            None => granted.push(Some(wish)),
        }
    }
    for (at, is_tied) in order {
        if let Some(wish) = granted[at].take() {
            steps.push(PlanStep { is_tied, ..wish.step });
        }
    }
    steps
}

/// For each wish why it cannot be granted together with the others, when nothing but they changes.
pub(crate) fn reasons(wishes: &[Wish]) -> Vec<Option<Invalid>> {
    let denied = deny(wishes, &Claims::default(), &HashSet::new(), &HashSet::new());
    wishes.iter().zip(denied).map(|(wish, denial)| denial.map(|denial| denial.reason(wish))).collect()
}

fn deny(
    wishes: &[Wish],
    claims: &Claims,
    freed: &HashSet<(ContactId, ContactKey)>,
    leaving: &HashSet<ContactId>,
) -> Vec<Option<Denial>> {
    let mut denied: Vec<Option<Denial>> = wishes.iter().map(|_| None).collect();
    loop {
        let round = Round::new(wishes, &denied, claims, freed, leaving);
        let mut news = round.denials(|want, _| round.held_by(want));
        if news.is_empty() {
            news = round.denials(|want, at| round.beaten_by(want, at));
        }
        if news.is_empty() {
            return denied;
        }
        for (at, denial) in news {
            denied[at] = Some(denial);
        }
    }
}

struct Denial {
    want: usize,
    by: String,
}

impl Denial {
    fn reason(self, wish: &Wish) -> Invalid {
        let want = &wish.wants[self.want];
        Invalid::new(want.key.kind.field(), &want.address, Rule::Held { by: self.by.into() })
    }
}

/// The wishes that are still alive, and what they would make of the addresses together.
struct Round<'a> {
    wishes: &'a [Wish],
    denied: &'a [Option<Denial>],
    claims: &'a Claims,
    freed: &'a HashSet<(ContactId, ContactKey)>,
    leaving: &'a HashSet<ContactId>,
    freed_by_wishes: HashSet<&'a (ContactId, ContactKey)>,
    first: HashMap<&'a ContactKey, usize>,
}

impl<'a> Round<'a> {
    fn new(
        wishes: &'a [Wish],
        denied: &'a [Option<Denial>],
        claims: &'a Claims,
        freed: &'a HashSet<(ContactId, ContactKey)>,
        leaving: &'a HashSet<ContactId>,
    ) -> Self {
        let mut freed_by_wishes = HashSet::new();
        let mut first = HashMap::new();
        for (at, wish) in wishes.iter().enumerate().filter(|(at, _)| denied[*at].is_none()) {
            freed_by_wishes.extend(&wish.frees);
            for want in &wish.wants {
                first.entry(&want.key).or_insert(at);
            }
        }
        Self { wishes, denied, claims, freed, leaving, freed_by_wishes, first }
    }

    /// The wishes for which `by` names somebody who keeps an address from them.
    fn denials(&self, by: impl Fn(&Want, usize) -> Option<String>) -> Vec<(usize, Denial)> {
        let alive = self.wishes.iter().enumerate().filter(|(at, _)| self.denied[*at].is_none());
        alive
            .filter_map(|(at, wish)| {
                let mut wants = wish.wants.iter().enumerate();
                let denial = wants.find_map(|(want, wanted)| by(wanted, at).map(|by| Denial { want, by }));
                denial.map(|denial| (at, denial))
            })
            .collect()
    }

    fn held_by(&self, want: &Want) -> Option<String> {
        if let Some(name) = self.claims.holder(&want.key) {
            return Some(name.to_owned());
        }
        let holder = want.holder.as_ref()?;
        let given_up = (holder.contact.id, want.key.clone());
        let is_free = self.leaving.contains(&holder.contact.id)
            || self.freed.contains(&given_up)
            || self.freed_by_wishes.contains(&given_up);
        (!is_free).then(|| holder.name.clone())
    }

    fn beaten_by(&self, want: &Want, at: usize) -> Option<String> {
        let first = *self.first.get(&want.key)?;
        (first != at).then(|| self.wishes[first].name.clone())
    }
}

/// The granted wishes, each after those whose addresses it takes; those that wait for each other
/// in a circle are tied, to be done at once.
fn order(wishes: &[Wish], denied: &[Option<Denial>]) -> Vec<(usize, bool)> {
    let granted = |at: &usize| denied[*at].is_none();
    let of_contact: HashMap<ContactId, usize> = (0..wishes.len())
        .filter(granted)
        .filter_map(|at| wishes[at].step.contact.map(|contact| (contact.id, at)))
        .collect();
    let before = |at: usize| -> Vec<usize> {
        let holders = wishes[at].wants.iter().filter_map(|want| want.holder.as_ref());
        holders.filter_map(|holder| of_contact.get(&holder.contact.id).copied()).collect()
    };
    let mut states = vec![State::Waiting; wishes.len()];
    let mut order = Vec::new();
    for root in (0..wishes.len()).filter(granted) {
        let start = order.len();
        let mut is_circle = false;
        let mut stack = vec![root];
        while let Some(&at) = stack.last() {
            match states[at] {
                State::Done => {
                    stack.pop();
                }
                State::Open => {
                    stack.pop();
                    states[at] = State::Done;
                    order.push((at, false));
                }
                State::Waiting => {
                    states[at] = State::Open;
                    for holder in before(at) {
                        match states[holder] {
                            State::Waiting => stack.push(holder),
                            State::Open => is_circle = true,
                            State::Done => {}
                        }
                    }
                }
            }
        }
        if is_circle {
            order[start..].iter_mut().skip(1).for_each(|(_, is_tied)| *is_tied = true);
        }
    }
    order
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Open,
    Done,
}
