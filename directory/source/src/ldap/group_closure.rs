//! Pure: who belongs to a group when the members of its groups belong to it as well.
//!
//! Groups that contain each other, at any distance, have the same people: they are found as one
//! component (Tarjan) and hold one list together. Components come out with those below them first, so
//! each is made of lists that are ready. Nothing recurses: a chain of groups may be as long as it
//! likes.

#[cfg(test)]
mod tests;

/// What a group lists itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// People, by number; one may be listed twice.
    pub people: Vec<u32>,
    /// Other groups, or the group itself, by number; one may be listed twice.
    pub groups: Vec<u32>,
}

/// Everybody of each group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    component: Vec<u32>,
    members: Vec<Vec<u32>>,
}

impl Closed {
    /// The people of a group, ascending, each once.
    pub fn of(&self, group: usize) -> &[u32] {
        let component = self.component.get(group).and_then(|component| self.members.get(*component as usize));
        component.map_or(&[], Vec::as_slice)
    }
}

/// The memberships would be more than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany;

/// A group that was not come to yet.
const UNSEEN: u32 = u32::MAX;

/// Closes the groups over each other, unless that makes more than `limit` memberships. Numbers of
/// groups that are not there are passed over.
pub fn close(groups: &[Listed], limit: usize) -> Result<Closed, TooMany> {
    let components = components(groups);
    let (mut members, mut made): (Vec<Vec<u32>>, usize) = (Vec::with_capacity(components.lists.len()), 0);
    for list in &components.lists {
        let listed = list.iter().filter_map(|group| groups.get(*group as usize));
        let mut all: Vec<u32> = Vec::new();
        let mut below: Vec<u32> = Vec::new();
        for Listed { people, groups } in listed {
            all.extend_from_slice(people);
            below.extend(groups.iter().filter_map(|group| components.of.get(*group as usize)));
        }
        below.sort_unstable();
        below.dedup();
        // What is not ready yet is the component itself. All that is ready together keeps within the limit.
        for more in below.iter().filter_map(|component| members.get(*component as usize)) {
            all.extend_from_slice(more);
        }
        distinct(&mut all);
        made += all.len();
        if made > limit {
            return Err(TooMany);
        }
        all.shrink_to_fit();
        members.push(all);
    }
    Ok(Closed { component: components.of, members })
}

/// Puts a list in order, each number once.
pub(super) fn distinct(list: &mut Vec<u32>) {
    list.sort_unstable();
    list.dedup();
}

/// Groups that contain each other, those below first.
struct Components {
    of: Vec<u32>,
    lists: Vec<Vec<u32>>,
}

/// One step on the way down: a group and how many of its groups were looked at.
struct Step {
    group: usize,
    looked: usize,
}

/// What Tarjan's algorithm keeps in mind.
struct Walk {
    found: Vec<u32>,
    lowest: Vec<u32>,
    is_open: Vec<bool>,
    open: Vec<u32>,
    steps: Vec<Step>,
    next: u32,
}

impl Walk {
    fn enter(&mut self, group: usize) {
        (self.found[group], self.lowest[group]) = (self.next, self.next);
        self.next += 1;
        self.is_open[group] = true;
        self.open.push(number(group));
        self.steps.push(Step { group, looked: 0 });
    }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(UNSEEN)
}

fn components(groups: &[Listed]) -> Components {
    let count = groups.len();
    let mut made = Components { of: vec![UNSEEN; count], lists: Vec::new() };
    let (found, lowest, is_open) = (vec![UNSEEN; count], vec![UNSEEN; count], vec![false; count]);
    let mut walk = Walk { found, lowest, is_open, open: Vec::new(), steps: Vec::new(), next: 0 };
    for start in 0..count {
        if walk.found[start] == UNSEEN {
            walk.enter(start);
        }
        while let Some(step) = walk.steps.last_mut() {
            let group = step.group;
            let below = groups[group].groups.get(step.looked).map(|below| *below as usize);
            step.looked += 1;
            match below {
                Some(below) if below >= count => {}
                Some(below) if walk.found[below] == UNSEEN => walk.enter(below),
                Some(below) if walk.is_open[below] => {
                    walk.lowest[group] = walk.lowest[group].min(walk.found[below]);
                }
                Some(_) => {}
                None => leave(&mut walk, &mut made, group),
            }
        }
    }
    made
}

/// Everything below the group was seen: it goes back to the one above, and ends a component when
/// nothing below leads further up.
fn leave(walk: &mut Walk, made: &mut Components, group: usize) {
    walk.steps.pop();
    let lowest = walk.lowest[group];
    if let Some(Step { group: above, .. }) = walk.steps.last() {
        walk.lowest[*above] = walk.lowest[*above].min(lowest);
    }
    if lowest != walk.found[group] {
        return;
    }
    let start = walk.open.iter().rposition(|open| *open as usize == group).unwrap_or(0);
    let list = walk.open.split_off(start);
    for group in &list {
        walk.is_open[*group as usize] = false;
        made.of[*group as usize] = number(made.lists.len());
    }
    made.lists.push(list);
}
