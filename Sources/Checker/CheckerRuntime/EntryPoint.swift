import Glibc
import Wire

/// The checker process: `etude-checker LIBRARY`, with the host at descriptor 3.
///
/// Ends with 0 when the host is gone, 1 when it said what can't be understood, 2 when it was started wrongly.
@_cdecl("etude_checker_main")
public func etudeCheckerMain(_ argumentCount: Int32, _ arguments: UnsafePointer<UnsafePointer<CChar>?>) -> Int32 {
    guard argumentCount == 2, let path = arguments[1] else {
        complain("etude-checker is started by etude, with the path of a course's compiled checkers.")
        return 2
    }
    guard fcntl(3, F_GETFD) >= 0 else {
        complain("etude-checker is started by etude, which talks to it through descriptor 3.")
        return 2
    }
    let registry: Result<Registry, LibraryError>
    do { registry = .success(try CheckerLibrary.load(String(cString: path))) } catch {
        registry = .failure(error as? LibraryError ?? LibraryError(description: String(describing: error)))
    }
    do { try Conversation(connection: Connection(descriptor: 3), registry: registry).run() } catch WireError.closed {
        return 0
    } catch {
        complain("\(error)")
        return 1
    }
    return 0
}

private func complain(_ sentence: String) { fputs(sentence + "\n", stderr) }
