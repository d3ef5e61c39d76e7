extension WorkerSupervisor {
    /// The numbers it goes by.
    struct Settings: Sendable {
        /// How many processes are kept ready ahead of need; of those that stay, how many there are besides sessions.
        var readyProcesses: Int
        /// True when a process stays for further jobs, as in `shared` isolation; one of a session always does.
        var keepsProcesses: Bool
        /// After this many jobs a process that stays is replaced, so that nothing can pile up in it for ever. One of a session is not.
        var jobsPerProcess = 1000
        /// How long a process that stays may take to clean up after a job before it is killed.
        var restPatience = Duration.seconds(5)
        /// From the interrupt to the kill of the group.
        var grace = Duration.milliseconds(500)
        /// From the kill to the moment a job that was told to stop is answered without waiting for its exit any longer.
        var exitPatience = Duration.seconds(1)
        /// How long a process whose socket closed may take to exit by itself before its group is killed: a dying
        /// one needs a moment to be reaped, and its own cause of death is what is to be told.
        var lostPatience = Duration.seconds(1)
        /// How long a process may take to leave by itself after its only job, before its group is killed. It has nothing left
        /// to do, so a kill would only be one more thing to do for the worker, with each job.
        var leavePatience = Duration.milliseconds(250)
        /// How long after a kill the worker may stay silent before it counts as hung.
        var workerPatience = Duration.seconds(10)
        /// How long a worker may take from spawn to ready.
        var startPatience = Duration.seconds(30)
        /// The pause before the first restart and the first repeated fork; it doubles each time.
        var firstPause = Duration.milliseconds(100)
        /// The longest pause.
        var longestPause = Duration.seconds(10)
        /// A worker that was ready for this long starts again without a history.
        var healthyAfter = Duration.seconds(30)
        /// More restarts than this within a minute are an error in the log.
        var restartsPerMinute = 5

        /// As many ready processes as jobs may run at once, at least two: one runs, one is there for the next. Of those
        /// that stay, one more than jobs may run at once: it is there when another has to be replaced.
        init(workers: Int, keepsProcesses: Bool = false) {
            readyProcesses = keepsProcesses ? workers + 1 : max(2, workers)
            self.keepsProcesses = keepsProcesses
        }

        /// The pause after this many failures in a row, from 1.
        func pause(after failures: Int) -> Duration {
            var pause = firstPause
            for _ in 1..<max(failures, 1) where pause < longestPause { pause = pause * 2 }
            return min(pause, longestPause)
        }
    }
}
