import Foundation

/// How often a property test tries: a short tier by default, twenty times as often where `ETUDE_TEST_TIER=full` asks for
/// tests at length.
public func rounds(_ short: Int) -> Int {
    ProcessInfo.processInfo.environment["ETUDE_TEST_TIER"] == "full" ? short * 20 : short
}
