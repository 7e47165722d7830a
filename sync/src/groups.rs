//! Pure: what a run does about the groups that a source has.
//!
//! A group here is called what it is called there. Where several are, or where a group that stays has
//! the name, the others get a number behind it: who has the plain name keeps it, the rest keep the
//! number that they have or take the next free one. Like people and photos, nobody goes from a group
//! because of an answer that looks as if everybody had.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};

use directory_model::group::{is_numbered, numbered};
use directory_model::record::SourceGroup;
use directory_model::run::RunProblem;
use directory_model::text::sort_key;
use directory_store::groups::said::Said;
use directory_store::groups::synced::{GroupAct, GroupChange, Member, MirroredGroup};
use ring::digest::{Context, SHA256};

/// Up to so many memberships may go at once and are believed to be gone, whatever share they are.
const FEW: u64 = 10;
/// How many members one change has at most.
const PORTION: usize = 500;

/// What is to be done, in this order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Groups that the source has no more.
    pub removals: Vec<GroupChange>,
    /// Groups that are made or get another name.
    pub groups: Vec<GroupChange>,
    /// Contacts that go from groups that stay.
    pub leaves: Vec<GroupChange>,
    /// Contacts that come into a group.
    pub joins: Vec<GroupChange>,
}

/// What is known when a plan is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Findings {
    /// How many groups were found.
    pub found: u64,
    /// How many groups mirror those of the source.
    pub groups: u64,
    /// How many memberships there are, each group counted as one more.
    pub known: u64,
    /// How many of them would go.
    pub removals: u64,
    /// How many groups that were found have no identity.
    pub unidentified: u64,
    /// The share of removals, in percent, above which nobody goes.
    pub threshold_percent: u8,
    /// Another server answered than the last time, and may not have heard of everything.
    pub may_lag: bool,
    /// Somebody approved the plan of the run.
    pub is_approved: bool,
}

/// How much of a plan is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Nothing(RunProblem),
    /// What comes, but nothing goes; what there is to be said about it.
    Add(Option<RunProblem>),
    /// Everything.
    Follow,
}

/// Judges what was found.
pub fn judge(findings: &Findings) -> Verdict {
    let Findings { found, groups, known, removals, unidentified, threshold_percent, .. } = *findings;
    if found == 0 && unidentified == 0 {
        return Verdict::Nothing(RunProblem::GroupsEmpty { groups });
    }
    if removals == 0 {
        return Verdict::Follow;
    }
    if unidentified > 0 {
        return Verdict::Add(Some(RunProblem::GroupsUnidentified { groups: unidentified }));
    }
    if findings.may_lag {
        return Verdict::Add(None);
    }
    let is_too_much = u128::from(removals) * 100 > u128::from(known) * u128::from(threshold_percent);
    if removals > FEW && is_too_much && !findings.is_approved {
        return Verdict::Add(Some(RunProblem::GroupsKept { removals, known, threshold_percent }));
    }
    Verdict::Follow
}

/// A group that is to be mirrored, with its contacts, ascending, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What identifies it in the source.
    pub external_id: Vec<u8>,
    /// What it is called there.
    pub name: String,
    /// Where it is found by a person.
    pub locator: String,
    /// Who is in it.
    pub members: Vec<Member>,
}

impl Wanted {
    /// A group as it was read; `contacts` says whose entries its people are.
    pub fn new(group: SourceGroup, contacts: &[Option<Member>]) -> Self {
        let SourceGroup { external_id, name, locator, members } = group;
        let contact = |person: u32| contacts.get(person as usize).copied().flatten();
        let mut members: Vec<Member> = members.into_iter().filter_map(contact).collect();
        members.sort_unstable();
        members.dedup();
        Self { external_id, name, locator, members }
    }
}

/// What is to be noted of what a source says of its groups; of those that are forgotten nothing.
pub type Notes = Vec<(Vec<u8>, Option<Said>)>;

/// A digest of what the source says of a group.
pub fn digest(group: &SourceGroup, people: &[Vec<u8>]) -> Vec<u8> {
    let mut members: Vec<&[u8]> =
        group.members.iter().filter_map(|person| people.get(*person as usize)).map(Vec::as_slice).collect();
    members.sort_unstable();
    let mut digest = Context::new(&SHA256);
    for part in std::iter::once(group.name.as_bytes()).chain(members) {
        digest.update(&(part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    digest.finish().as_ref()[..16].to_vec()
}

/// Which groups are left alone, because the source says of them what it said when something was taken
/// back, and what is to be noted. When not `everything` was read, a group that is missing may be there.
pub(crate) fn heed(
    before: &HashMap<Vec<u8>, Said>,
    now: &HashMap<Vec<u8>, Vec<u8>>,
    everything: bool,
) -> (HashSet<Vec<u8>>, Notes) {
    let (mut held, mut notes) = (HashSet::new(), Notes::new());
    for (id, digest) in now {
        match before.get(id) {
            Some(said) if said.digest == *digest => held.extend(said.is_held.then(|| id.clone())),
            _ => notes.push((id.clone(), Some(Said { digest: digest.clone(), is_held: false }))),
        }
    }
    for (id, said) in before.iter().filter(|(id, _)| everything && !now.contains_key(*id)) {
        if said.digest.is_empty() && said.is_held {
            held.insert(id.clone());
        } else {
            notes.push((id.clone(), None));
        }
    }
    (held, notes)
}

/// Wants the groups in `held` as they are, whatever the source says.
pub(crate) fn leave_alone(wanted: &mut Vec<Wanted>, mirrored: &[MirroredGroup], held: &HashSet<Vec<u8>>) {
    wanted.retain(|group| !held.contains(&group.external_id));
    let kept = mirrored.iter().filter(|group| held.contains(&group.external_id));
    wanted.extend(kept.map(|MirroredGroup { external_id, name, members }| Wanted {
        external_id: external_id.clone(),
        name: name.clone(),
        locator: name.clone(),
        members: members.clone(),
    }));
}

/// How many memberships there are and how many of them would go, each group counted as one more.
pub fn tally(mirrored: &[MirroredGroup], wanted: &[Wanted]) -> (u64, u64) {
    let of_id = by_id(wanted);
    let (mut known, mut removals) = (0, 0);
    for group in mirrored {
        let all = group.members.len() + 1;
        known += all;
        removals += match of_id.get(group.external_id.as_slice()) {
            Some(wanted) => missing(&group.members, &wanted.members).count(),
            None => all,
        };
    }
    (known as u64, removals as u64)
}

/// Compares what there is with what is wanted. When nothing `may_go`, groups that are not wanted stay as
/// they are, with their names and their people.
pub fn plan(mirrored: &[MirroredGroup], wanted: &[Wanted], may_go: bool) -> Plan {
    let of_id = by_id(wanted);
    let known: HashMap<&[u8], &MirroredGroup> =
        mirrored.iter().map(|group| (group.external_id.as_slice(), group)).collect();
    let gone = |group: &&MirroredGroup| !of_id.contains_key(group.external_id.as_slice());
    let (mut plan, mut staying) = (Plan::default(), Vec::new());
    for group in mirrored.iter().filter(gone) {
        if may_go {
            let (external_id, locator) = (group.external_id.clone(), group.name.clone());
            plan.removals.push(GroupChange { external_id, locator, act: GroupAct::Remove });
        } else {
            staying.push(group.name.as_str());
        }
    }
    let names = names(&known, wanted, &staying);
    let mut seen = HashSet::new();
    for (group, name) in wanted.iter().zip(names) {
        if !seen.insert(&group.external_id) {
            continue;
        }
        let change = |act| GroupChange { external_id: group.external_id.clone(), locator: group.locator.clone(), act };
        let known = known.get(group.external_id.as_slice());
        match known {
            None => plan.groups.push(change(GroupAct::Create(name))),
            Some(known) if known.name != name => {
                let old = known.name.clone();
                plan.groups.push(change(GroupAct::Rename { old, new: name }));
            }
            Some(_) => {}
        }
        let before = known.map_or(&[][..], |known| &known.members);
        if may_go {
            let leave = missing(before, &group.members).collect::<Vec<_>>();
            plan.leaves.extend(leave.chunks(PORTION).map(|members| change(GroupAct::Leave(members.to_vec()))));
        }
        let join = missing(&group.members, before).collect::<Vec<_>>();
        plan.joins.extend(join.chunks(PORTION).map(|members| change(GroupAct::Join(members.to_vec()))));
    }
    plan
}

/// Of several groups with one identity the first counts.
fn by_id(wanted: &[Wanted]) -> HashMap<&[u8], &Wanted> {
    wanted.iter().rev().map(|group| (group.external_id.as_slice(), group)).collect()
}

/// Those of an ascending list that another ascending list does not have.
fn missing<'a>(list: &'a [Member], other: &'a [Member]) -> impl Iterator<Item = Member> + 'a {
    let mut other = other.iter().peekable();
    list.iter().copied().filter(move |member| {
        while other.next_if(|next| *next < member).is_some() {}
        other.peek() != Some(&member)
    })
}

/// What each wanted group is called here. Names are compared folded; those in `staying` are taken.
///
/// Nobody gets a name that another group has and keeps, so where nothing changes nobody is renamed.
fn names(known: &HashMap<&[u8], &MirroredGroup>, wanted: &[Wanted], staying: &[&str]) -> Vec<String> {
    let mut given: BTreeMap<&[u8], Option<String>> = BTreeMap::new();
    for group in wanted {
        let present = known.get(group.external_id.as_slice()).map(|known| known.name.clone());
        let kept = present.filter(|name| is_numbered(name, &group.name));
        given.entry(group.external_id.as_slice()).or_insert(kept);
    }
    let kept = given.values().flatten().map(|name| sort_key(name));
    let mut taken: HashSet<String> = staying.iter().map(|name| sort_key(name)).chain(kept).collect();
    let of_id = by_id(wanted);
    // Who takes the plain name gives up a number, which may be the plain name of another group.
    while take_plain(&mut given, &of_id, &mut taken) {}
    for (id, name) in &mut given {
        name.get_or_insert_with(|| {
            let free = (1..).map(|number| numbered(&of_id[id].name, number));
            free.into_iter().find(|name| taken.insert(sort_key(name))).unwrap_or_default()
        });
    }
    wanted.iter().map(|group| given[group.external_id.as_slice()].clone().unwrap_or_default()).collect()
}

/// Gives those that have a number the plain name where it is free; whether any got it.
fn take_plain(
    given: &mut BTreeMap<&[u8], Option<String>>,
    of_id: &HashMap<&[u8], &Wanted>,
    taken: &mut HashSet<String>,
) -> bool {
    let mut has_changed = false;
    for (id, name) in given.iter_mut() {
        let Some(name) = name else { continue };
        let plain = numbered(&of_id[id].name, 1);
        if *name != plain && taken.insert(sort_key(&plain)) {
            taken.remove(&sort_key(name));
            *name = plain;
            has_changed = true;
        }
    }
    has_changed
}
