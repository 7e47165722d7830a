//! Logs and numbers: what the gateway tells its operator.

use std::convert::Infallible;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, Method};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use gateway_api::Peer;
use gateway_presence::outlet::Outlet;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tower::ServiceExt;
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;
use crate::settings::value::Network;
use crate::settings::{LogFormat, LogSettings};

/// How often the recorder folds what it has gathered.
const UPKEEP: Duration = Duration::from_secs(5);

/// Sends log events to standard error, as `settings` say.
pub(crate) fn log_to_stderr(settings: &LogSettings) -> Result<(), Failure> {
    let filter = EnvFilter::builder().parse(&settings.level).map_err(|reason| Failure::said(reason.to_string()))?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let subscriber = subscriber.with_ansi(io::stderr().is_terminal());
    let started = match settings.format {
        LogFormat::Text => subscriber.with_target(false).try_init(),
        LogFormat::Json => subscriber.json().flatten_event(true).try_init(),
    };
    started.map_err(|reason| Failure::said(format!("cannot start logging: {reason}")))
}

/// The bounds between which durations are counted: everything that is timed is quick, or worth a look.
const SECONDS: [f64; 8] = [0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 30.0];

/// What `/metrics` needs.
#[derive(Clone)]
struct Numbers {
    recorder: PrometheusHandle,
    outlet: Arc<Outlet>,
    allowed: Arc<[Network]>,
    /// Answers everybody else, as it does when there is no such page.
    app: Router,
}

/// Starts counting, and adds the page that shows the numbers to those `allowed`.
pub(crate) fn with_metrics(app: Router, outlet: Arc<Outlet>, allowed: &[Network]) -> Result<Router, Failure> {
    let recorder = PrometheusBuilder::new().set_buckets(&SECONDS).and_then(PrometheusBuilder::install_recorder);
    let recorder = recorder.map_err(|reason| Failure::said(format!("cannot count: {reason}")))?;
    let upkeep = recorder.clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(UPKEEP);
        loop {
            ticks.tick().await;
            upkeep.run_upkeep();
        }
    });
    let numbers = Numbers { recorder, outlet, allowed: allowed.into(), app: app.clone() };
    Ok(app.merge(Router::new().route("/metrics", any(show)).with_state(numbers)))
}

async fn show(State(numbers): State<Numbers>, request: Request) -> Result<Response, Infallible> {
    let peer = request.extensions().get::<Peer>().map(|Peer(peer)| peer.ip());
    let is_allowed = peer.is_some_and(|peer| numbers.allowed.iter().any(|network| network.contains(peer)));
    if is_allowed && [Method::GET, Method::HEAD].contains(request.method()) {
        return Ok(numbers.page().into_response());
    }
    numbers.app.oneshot(request).await
}

impl Numbers {
    fn page(&self) -> ([(HeaderName, &'static str); 1], String) {
        let feed = self.outlet.counters();
        metrics::gauge!("feed_streams").set(as_number(feed.connections));
        metrics::counter!("feed_streams_total").absolute(feed.taken);
        metrics::counter!("feed_deliveries_total").absolute(feed.deliveries);
        let ends = [("gone", feed.gone), ("slow", feed.slow), ("talking", feed.talking), ("ended", feed.ended)];
        for (end, count) in ends {
            metrics::counter!("feed_streams_ended_total", "because" => end).absolute(count);
        }
        ([(CONTENT_TYPE, "text/plain; version=0.0.4")], self.recorder.render())
    }
}

#[expect(clippy::cast_precision_loss, reason = "gauges are floating point, and nobody has 2^53 visitors")]
fn as_number(count: u64) -> f64 {
    count as f64
}
