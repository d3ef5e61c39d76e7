/// The Python files of `Runner/`, embedded at build time.
enum RunnerSources {
    static let bootstrap = (name: "roost_bootstrap", bytes: PackageResources.roost_bootstrap_py)

    /// What `roost_bootstrap.load` takes; its `ORDER` names the same files.
    static let modules: [(name: String, bytes: [UInt8])] = [
        ("roost_baseline", PackageResources.roost_baseline_py),
        ("roost_channel", PackageResources.roost_channel_py),
        ("roost_compile", PackageResources.roost_compile_py),
        ("roost_ending", PackageResources.roost_ending_py),
        ("roost_error", PackageResources.roost_error_py),
        ("roost_function", PackageResources.roost_function_py),
        ("roost_hosts", PackageResources.roost_hosts_py),
        ("roost_interrupts", PackageResources.roost_interrupts_py),
        ("roost_job", PackageResources.roost_job_py),
        ("roost_logging", PackageResources.roost_logging_py),
        ("roost_progress", PackageResources.roost_progress_py),
        ("roost_resident", PackageResources.roost_resident_py),
        ("roost_result", PackageResources.roost_result_py),
        ("roost_start", PackageResources.roost_start_py),
        ("roost_streams", PackageResources.roost_streams_py),
        ("roost_text", PackageResources.roost_text_py),
        ("roost_worker", PackageResources.roost_worker_py),
    ]
}
