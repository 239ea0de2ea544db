import Foundation

/// Does pieces of work on several threads at once, and takes what came of them in their order.
///
/// - Parameters:
///   - tools: one for each thread, which has it to itself.
///   - take: called on the thread that calls, as soon as a result and all before it are there.
/// - Throws: the first error in the order of the work; what has not begun by then is left undone.
func inOrder<Tool, Result>(_ work: [(Tool) throws -> Result], tools: [Tool], take: (Result) -> Void) throws {
    let queue = WorkQueue<Result>(count: work.count)
    let threadsEnded = DispatchGroup()
    defer {
        queue.stop()
        threadsEnded.wait()
    }
    for tool in tools.prefix(work.count) {
        threadsEnded.enter()
        let thread = Thread {
            while let index = queue.next() { queue.finish(index, .init { try work[index](tool) }) }
            threadsEnded.leave()
        }
        // The compiler's parser goes as deep as the code that it reads.
        thread.stackSize = 8 << 20
        thread.start()
    }
    for index in work.indices { take(try queue.result(index).get()) }
}

/// Which work is left, and what came of it. Guarded by its condition.
private final class WorkQueue<Value>: @unchecked Sendable {
    private let condition = NSCondition()
    private var position = 0
    private var results: [Result<Value, any Error>?]

    init(count: Int) { results = Array(repeating: nil, count: count) }

    func next() -> Int? {
        condition.withLock {
            guard position < results.count else { return nil }
            position += 1
            return position - 1
        }
    }

    /// After a failure nothing new is begun.
    func finish(_ index: Int, _ result: Result<Value, any Error>) {
        condition.withLock {
            results[index] = result
            if case .failure = result { position = results.count }
            condition.broadcast()
        }
    }

    /// Waits for a result. What was never begun, because other work failed, has that failure.
    func result(_ index: Int) -> Result<Value, any Error> {
        condition.withLock {
            while true {
                if let result = results[index] { return result }
                if position >= results.count, let failure = results.lazy.compactMap({ $0 }).first(where: { if case .failure = $0 { true } else { false } }) { return failure }
                condition.wait()
            }
        }
    }

    func stop() { condition.withLock { position = results.count } }
}
