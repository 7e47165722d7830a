//! Whatever goes wrong: the explanation can be checked, says what is shown, and nothing grows without an end.

use directory_model::presence::rules::ManualReset;
use proptest::prelude::*;

use super::*;
use crate::facts::RulesFacts;
use crate::merge::merge;
use crate::why::Part;

/// Something that happens, as it should not.
#[derive(Debug, Clone)]
enum Fault {
    /// A device says something, of late, early or twice: the version is anything.
    Claim { kind: usize, device: usize, state: usize, version: i64, lasts: u64, is_repeated: bool },
    /// A device is torn off.
    Lost { kind: usize, device: usize },
    /// The clock goes on, or back.
    Step(i64),
    /// An own word, or none any more.
    Word(Option<usize>),
    /// Other rules.
    Rules { silence_minutes: u32, is_reset: bool },
    /// The gateway starts again with what it wrote down.
    Restart,
}

const KINDS: [ClaimKind; 6] = [
    ClaimKind::Computer,
    ClaimKind::Mobile,
    ClaimKind::Telephone,
    ClaimKind::Calendar,
    ClaimKind::Platform,
    ClaimKind::AudioVideo,
];

const RESETS: [ManualReset; 4] = [ManualReset::SignIn, ManualReset::SignOut, ManualReset::Meeting, ManualReset::Call];

fn fault() -> impl Strategy<Value = Fault> {
    let claim = (0..KINDS.len(), 0..80_usize, 0..Availability::ALL.len(), -2_i64..6, 0_u64..4_000, any::<bool>());
    prop_oneof![
        8 => claim.prop_map(|(kind, device, state, version, lasts, is_repeated)| {
            Fault::Claim { kind, device, state, version, lasts, is_repeated }
        }),
        2 => (0..KINDS.len(), 0..80_usize).prop_map(|(kind, device)| Fault::Lost { kind, device }),
        4 => prop_oneof![-4_000_i64..0, 0_i64..60, 0_i64..10_000].prop_map(Fault::Step),
        2 => proptest::option::of(0..Availability::ALL.len() - 1).prop_map(Fault::Word),
        1 => (0_u32..200, any::<bool>()).prop_map(|(silence_minutes, is_reset)| Fault::Rules { silence_minutes, is_reset }),
        1 => Just(Fault::Restart),
    ]
}

struct Life {
    world: World,
    anna: ContactId,
    version: i64,
}

impl Life {
    fn happens(&mut self, fault: &Fault) {
        let (world, anna) = (&self.world, self.anna);
        match fault {
            Fault::Claim { kind, device, state, version, lasts, is_repeated } => {
                let claim = Claim {
                    device: format!("device {device}"),
                    version: *version,
                    is_repeated: *is_repeated,
                    expires_at: Some(world.now().plus(Duration::from_secs(*lasts))),
                    ..world.claim(anna, KINDS[*kind], Availability::ALL[*state])
                };
                let _ = world.book.offer_claim(world.tenant, claim);
            }
            Fault::Lost { kind, device } => {
                world.book.lose(world.tenant, anna, KINDS[*kind], "source", &format!("device {device}"));
            }
            Fault::Step(seconds) => {
                let now = world.now().millis() + seconds * 1_000;
                world.clock.set(Timestamp::from_millis(now));
                world.book.tick(world.now());
            }
            Fault::Word(state) => {
                self.version += 1;
                let own = |state: &usize| Claim {
                    expires_at: None,
                    ..world.claim(anna, ClaimKind::Manual, Availability::ALL[*state])
                };
                let stored = state.iter().map(own).collect();
                world.apply(FactChange::Presence(PresenceFacts {
                    contact: anna,
                    as_of: self.version,
                    stored,
                    notes: vec![],
                }));
            }
            Fault::Rules { silence_minutes, is_reset } => {
                self.version += 1;
                let mut rules = PresenceRules { silence_minutes: *silence_minutes, ..PresenceRules::default() };
                if *is_reset {
                    rules.manual_resets.extend(RESETS);
                }
                world.apply(FactChange::PresenceRules(RulesFacts { revision: self.version, rules }));
            }
            Fault::Restart => world.book.restore(world.book.claims()),
        }
    }

    fn is_true(&self) -> Result<(), TestCaseError> {
        let why = self.world.book.why(self.world.tenant, self.anna);
        prop_assert_eq!(&why.presence, &self.world.book.presence(self.world.tenant, self.anna), "it is what is shown");
        let claims: Vec<Claim> = why.claims.iter().map(|part| part.claim.clone()).collect();
        prop_assert_eq!(&merge(&claims, &why.rules, why.at), &why.presence, "it can be checked");
        let deciding = why.claims.iter().filter(|part| part.part == Part::Decides).count();
        prop_assert_eq!(deciding, usize::from(why.presence.decided_by.is_some()));
        for change in &why.changes {
            let then = merge(&change.applied_to(&claims), &why.rules, why.at).availability;
            prop_assert_eq!(then, change.then, "what would change it was tried");
        }
        prop_assert!(claims.len() <= 66, "a contact has so many claims and no more: {}", claims.len());
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_goes_wrong_the_explanation_tells_the_truth(faults in proptest::collection::vec(fault(), 1..120)) {
        let world = World::new();
        let anna = world.person("Anna");
        let mut life = Life { world, anna, version: 0 };
        for fault in &faults {
            life.happens(fault);
            life.is_true()?;
        }
    }
}
