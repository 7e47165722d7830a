//! At whom somebody looks now.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use directory_model::id::{ContactId, TenantId};
use directory_model::port::Interest;

use super::Feed;

/// For how long somebody looks who asked once and follows no stream.
const GLANCE: Duration = Duration::from_mins(2);

impl Interest for Feed {
    fn watched(&self, tenant: TenantId) -> Vec<ContactId> {
        let since = self.clock.now().minus(GLANCE);
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        // Whoever looks on holds a reference besides ours.
        let looked_at = topics.values().filter(|topic| Arc::strong_count(topic) > 1 || topic.used_at() >= since);
        let served: Vec<_> = looked_at.map(|topic| topic.served()).filter(|served| served.tenant == tenant).collect();
        drop(topics);
        let shown = served.into_iter().flat_map(|served| self.book.contacts_behind(served));
        let watched: BTreeSet<ContactId> = shown.chain(self.book.looked_at(tenant)).collect();
        watched.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use directory_model::contact::ContactFields;
    use directory_model::publication::PublicationEntry;

    use super::*;
    use crate::fixture::{KEY, World};

    #[test]
    fn somebody_is_watched_as_long_as_a_visitor_looks_at_where_they_are_shown() {
        let world = World::new();
        let [anna, ben, carla] = ["Anna", "Ben", "Carla"].map(|name| world.person(name));
        let team = world.group("Team", &[ben]);
        world.publish(&[PublicationEntry::Contact(anna), PublicationEntry::Group(team)]);
        let watched = || world.feed.watched(world.tenant);
        assert!(watched().is_empty(), "nobody looks yet");

        let stream = world.feed.topic(KEY).expect("served");
        world.clock.advance(Duration::from_hours(1));
        // Who is in a group is behind its card.
        assert_eq!(watched(), [anna, ben]);
        assert!(!watched().contains(&carla) && world.feed.watched(world.tenant_id()).is_empty());

        drop(stream);
        assert!(watched().is_empty());
        // A client that looks at one, and at a service that another one answers for.
        let desk = ContactFields { is_ucma_endpoint: true, staffed_by: Some(team), ..ContactFields::default() };
        let desk = world.contact(ContactFields { display_name: Some("Desk".into()), ..desk });
        let mut client = Arc::clone(&world.book).watch(world.tenant);
        client.add(carla);
        client.add(desk);
        assert_eq!(watched(), [ben, carla, desk]);
        assert!(world.feed.watched(world.tenant_id()).is_empty());
        drop(client);
        assert!(watched().is_empty());
        // A page that is loaded once and follows nothing.
        world.snapshot();
        assert_eq!(watched(), [anna, ben]);
        world.clock.advance(GLANCE + Duration::from_secs(1));
        assert!(watched().is_empty());
    }
}
