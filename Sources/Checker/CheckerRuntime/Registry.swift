import Grading

/// Hands the exercises of a course's library of checkers over to the process that judges.
///
/// A library exports one function named `etude_exercises`, which returns what this one does:
///
///     @_cdecl("etude_exercises") public func etudeExercises() -> UnsafeMutableRawPointer { register([vectors]) }
///
/// - Returns: an owned pointer, taken over by the caller.
public func register(_ exercises: [Exercise]) -> UnsafeMutableRawPointer {
    Unmanaged.passRetained(Registry(exercises)).toOpaque()
}

final class Registry {
    let exercises: [Exercise]
    init(_ exercises: [Exercise]) { self.exercises = exercises }

    /// All that is wrong with the declarations; empty when all is well.
    var faults: [String] {
        let names = exercises.map(\.name)
        let repeated = Set(names.filter { name in names.filter { $0 == name }.count > 1 }).sorted()
        return repeated.map { "Several exercises are named \"\($0)\": each needs a name of its own." } + exercises.flatMap(\.faults)
    }
}
