// The executors of this toolchain's concurrency library are its own interface, not yet everyone's.
@_spi(ExperimentalCustomExecutors) @_spi(ExperimentalScheduling) import _Concurrency
import Glibc

/// Runs every job of Swift's concurrency on the session's own thread, without libdispatch, so that a session stays
/// a process that can be forked. Jobs run one after the other; a suspended cell costs no thread.
final class OneThread: MainExecutor, TaskExecutor, SchedulingExecutor, @unchecked Sendable {
    static let shared = OneThread()

    private struct Timed {
        var instant: ContinuousClock.Instant
        var order: Int
        var job: UnownedJob
    }

    private var ready: [UnownedJob] = []
    private var head = 0
    private var timed: [Timed] = []
    private var order = 0
    private var isStopped = false

    func enqueue(_ job: consuming ExecutorJob) { ready.append(UnownedJob(job)) }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C
    ) {
        schedule(UnownedJob(job), in: delay as? Duration ?? .zero)
    }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob, at instant: C.Instant, tolerance: C.Duration?, clock: C
    ) {
        schedule(UnownedJob(job), in: clock.now.duration(to: instant) as? Duration ?? .zero)
    }

    private func schedule(_ job: UnownedJob, in delay: Duration) {
        order += 1
        timed.append(Timed(instant: .now + delay, order: order, job: job))
    }

    func run() throws {
        isStopped = false
        runJobs(until: { self.isStopped })
    }

    func runUntil(_ condition: () -> Bool) throws { runJobs(until: condition) }
    func stop() { isStopped = true }
    func checkIsolated() {}
    func isIsolatingCurrentContext() -> Bool? { true }

    /// Runs jobs until there is nothing left to run, or the condition holds.
    func runJobs(until isDone: () -> Bool = { false }) {
        while !isDone() {
            if head < ready.count {
                let job = ready[head]
                head += 1
                if head == ready.count {
                    ready.removeAll(keepingCapacity: true)
                    head = 0
                }
                job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            } else if let next = timed.indices.min(by: { (timed[$0].instant, timed[$0].order) < (timed[$1].instant, timed[$1].order) }) {
                let entry = timed.remove(at: next)
                let wait = ContinuousClock.now.duration(to: entry.instant).components
                if wait.seconds > 0 || wait.attoseconds > 0 {
                    // A nanosecond more, so that the instant has come afterwards.
                    var pause = timespec(tv_sec: Int(wait.seconds), tv_nsec: Int(wait.attoseconds / 1_000_000_000) + 1)
                    if pause.tv_nsec >= 1_000_000_000 { pause = timespec(tv_sec: pause.tv_sec + 1, tv_nsec: 0) }
                    while nanosleep([pause], &pause) != 0 && errno == EINTR {}
                }
                ready.append(entry.job)
            } else {
                return
            }
        }
    }

    /// Takes over from the library's own executors. Must come before the first job.
    static func install() { _createExecutors(factory: Factory.self) }

    private struct Factory: ExecutorFactory {
        static var mainExecutor: any MainExecutor { OneThread.shared }
        static var defaultExecutor: any TaskExecutor { OneThread.shared }
    }
}
