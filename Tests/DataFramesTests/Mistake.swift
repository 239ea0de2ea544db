import Foundation

@testable import Display

/// The sentence by which `body` ends its cell; nil if it runs through.
///
/// It runs on a thread of its own, which waits for ever after a mistake, since the door never comes back.
func mistake(_ body: @escaping @Sendable () -> Void) -> String? {
    _ = Door.isWatched
    let outcome = Outcome()
    Thread {
        Thread.current.threadDictionary["outcome"] = outcome
        body()
        outcome.finish(nil)
    }.start()
    return outcome.wait()
}

private final class Outcome: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var sentence: String?

    func finish(_ sentence: String?) {
        self.sentence = sentence
        done.signal()
    }

    func wait() -> String? {
        done.wait()
        return sentence
    }
}

extension Door {
    fileprivate static let isWatched: Bool = {
        mistake = { sentence in
            guard let outcome = Thread.current.threadDictionary["outcome"] as? Outcome else { fatalError(sentence) }
            outcome.finish(sentence)
            while true { Thread.sleep(forTimeInterval: 1_000) }
        }
        return true
    }()
}
