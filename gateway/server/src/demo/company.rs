//! The made-up companies: what their directories do not say.

/// A company.
pub(super) struct Company {
    /// The tenant's name.
    pub(super) name: &'static str,
    /// The same, shorter.
    pub(super) short: &'static str,
    /// The file with its people, and how it is written.
    pub(super) file: (&'static str, &'static str),
    /// Where it is: city, street, country, time zone. The city is also the site's name.
    pub(super) sites: &'static [Site],
    /// Whom visitors are shown as groups.
    pub(super) teams: &'static [Team],
}

/// A place.
pub(super) struct Site {
    pub(super) city: &'static str,
    pub(super) street: &'static str,
    pub(super) zip_code: &'static str,
    pub(super) country: &'static str,
    pub(super) time_zone: &'static str,
}

/// Some people, and the service that they answer for.
pub(super) struct Team {
    pub(super) name: &'static str,
    /// Words in the job titles of its members.
    pub(super) titles: &'static [&'static str],
    /// The display name of the service that it staffs.
    pub(super) service: Option<&'static str>,
}

/// Both companies; the website is the first one's.
pub(super) const ALL: [Company; 2] = [
    Company {
        name: "Brightmoor Instruments",
        short: "Brightmoor",
        file: ("brightmoor.ldif", "ldif"),
        sites: &[
            Site {
                city: "Berlin",
                street: "Torstraße 140",
                zip_code: "10119",
                country: "Germany",
                time_zone: "Europe/Berlin",
            },
            Site {
                city: "Vienna",
                street: "Zieglergasse 31",
                zip_code: "1070",
                country: "Austria",
                time_zone: "Europe/Vienna",
            },
            Site {
                city: "Manchester",
                street: "12 Ducie Street",
                zip_code: "M1 2JW",
                country: "United Kingdom",
                time_zone: "Europe/London",
            },
        ],
        teams: &[
            Team { name: "Sales", titles: &["sales", "account manager"], service: Some("Sales") },
            Team {
                name: "Customer support",
                titles: &["support", "field service", "repair"],
                service: Some("Customer support"),
            },
            Team {
                name: "Calibration lab",
                titles: &["calibration", "laboratory planner"],
                service: Some("Calibration appointments"),
            },
            Team {
                name: "Orders and delivery",
                titles: &["logistics", "dispatch", "returns"],
                service: Some("Orders and delivery"),
            },
            Team {
                name: "Reception Manchester",
                titles: &["site manager manchester", "events manager", "people partner"],
                service: Some("Reception Manchester"),
            },
        ],
    },
    Company {
        name: "Marlow & Finch Travel",
        short: "Marlow & Finch",
        file: ("marlow-finch.csv", "csv"),
        sites: &[Site {
            city: "Bath",
            street: "4 Sydney Buildings",
            zip_code: "BA2 6BZ",
            country: "United Kingdom",
            time_zone: "Europe/London",
        }],
        teams: &[Team { name: "Travellers' friends", titles: &["travel", "journeys"], service: Some("Travel desk") }],
    },
];

/// How many of a team the website shows at most.
pub(super) const SHOWN_TEAMS: usize = 3;
