//! What browsers and supervisors of processes load.

use http::Method;
use suite::app::As;
use suite::on_each_backend;

use super::Office;

on_each_backend! {
    async fn the_gateway_says_how_it_is_and_what_it_can(db: TestDatabase) {
        let office = Office::open(db).await;
        let nobody = As::default();

        for (path, status) in
            [("/healthz", 204), ("/readyz", 204), ("/api/docs", 308), ("/api/v1/openapi.json", 200), ("/api/docs/x", 404)]
        {
            let answer = office.gateway.ask(&nobody, Method::GET, path, None).await;
            assert_eq!(answer.status.as_u16(), status, "{path}");
            assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        }
        let described = office.gateway.ask(&nobody, Method::GET, "/api/v1/openapi.json", None).await;
        assert_eq!(described.json["openapi"], "3.1.0");
    }
}
