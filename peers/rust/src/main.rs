//! lakehouse in Rust: validatord and a gateway to it, in one binary.
//!
//! Reads its arguments, binds, says where it listens (one line on stderr) and serves until SIGTERM or SIGINT.
//! Exit codes: 0 after a drained stop, 1 when the address or the server fails, 2 for bad arguments or a bad roster file.

mod arguments;
mod body;
mod envelope;
mod error;
mod faults;
mod gateway;
mod guard;
mod json;
mod listener;
mod metrics;
mod openapi;
mod operation;
mod policy;
mod problem;
mod roster;
mod rules;
mod service;
mod target;
mod validatord;
mod verdict;

use std::{future::Future, io, process::ExitCode, time::Duration};

use axum::Router;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::{
    arguments::{Arguments, Command},
    guard::Guard,
    listener::{Arrival, Door},
    roster::Roster,
};

/// How long requests in flight may take to finish once the daemon is told to stop.
const DRAIN: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> ExitCode {
    let (arguments, roster) = match configure() {
        Ok(configured) => configured,
        Err(message) => {
            eprintln!("lakehouse: {message}");
            return ExitCode::from(2);
        }
    };
    let guard = Guard::new(arguments.answers_as());
    let router = match arguments.command {
        Command::Validatord => service::router("validatord", validatord::operations(), roster, guard),
        Command::Serve => {
            let operations = [gateway::operations(), validatord::operations()].concat();
            service::router("gateway", operations, roster, guard)
        }
    };
    match run(&arguments, router).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lakehouse: {error}");
            ExitCode::FAILURE
        }
    }
}

fn configure() -> Result<(Arguments, Roster), String> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let roster = match &arguments.roster {
        Some(file) => Roster::load(file)?,
        None => Roster::default(),
    };
    Ok((arguments, roster))
}

async fn run(arguments: &Arguments, router: Router) -> io::Result<()> {
    let stop = stop_signal()?;
    let listener = TcpListener::bind((arguments.host.as_str(), arguments.port)).await?;
    eprintln!("listening on http://{}", listener.local_addr()?);

    let (stopping, mut stopped) = watch::channel(false);
    let mut overdue = stopping.subscribe();
    tokio::spawn(async move {
        stop.await;
        let _ = stopping.send(true);
        // Kept alive: a closed channel would look like a second stop.
        stopping.closed().await;
    });
    let service = router.into_make_service_with_connect_info::<Arrival>();
    let server = axum::serve(Door(listener), service).with_graceful_shutdown(async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    });
    tokio::select! {
        outcome = server => outcome,
        () = async {
            let _ = overdue.wait_for(|stop| *stop).await;
            tokio::time::sleep(DRAIN).await;
        } => Ok(()),
    }
}

/// Watch for SIGTERM and SIGINT from now on; the future resolves at the first.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => (),
            _ = interrupt.recv() => (),
        }
    })
}
