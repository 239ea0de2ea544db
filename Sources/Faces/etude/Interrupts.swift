import Foundation
import Processes

/// Ctrl-C: the first asks the running cell to stop; a second, when the first had no effect, ends the program.
enum Interrupts {
    nonisolated(unsafe) private static var target: Interruption?
    nonisolated(unsafe) private static var lastRequest: time_t = 0

    static func send(to interruption: Interruption) {
        target = interruption
        signal(SIGINT) { _ in
            let now = time(nil)
            if Interrupts.lastRequest != 0 && now - Interrupts.lastRequest < 3 { _exit(130) }
            Interrupts.lastRequest = now
            Interrupts.target?.request()
        }
    }
}
