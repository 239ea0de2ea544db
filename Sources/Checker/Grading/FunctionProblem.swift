/// A question whose answer is a function, which is called in the learner's process.
///
/// For example: `FunctionProblem("norm", function: "norm", cases: [([[3.0, 4.0]], 5.0), ([[0.0]], 0.0)])`, or with
/// code of the checker's own, see ``LearnerFunction``.
public struct FunctionProblem: Problem {
    public let declaration: ProblemDeclaration

    /// - Parameters:
    ///   - function: the name of the function, or of the variable that holds it.
    ///   - cases: the arguments of a call, and what it should return.
    ///   - tolerance: how far a floating-point result may be off, as a part of it.
    ///   - mistake: the kind of mistake that a wrong result is.
    public init<Result: Decodable>(
        _ name: String, function: String, cases: [([any Encodable], Result)], tolerance: Double = defaultTolerance,
        points: Double = 1, isBonus: Bool = false, mistake: String = "wrong-result"
    ) {
        self.init(
            name, function, points, isBonus, faults: cases.isEmpty ? ["a FunctionProblem needs at least one case."] : []
        ) { function in
            for (arguments, expected) in cases {
                try function.expect(expected, arguments: arguments, tolerance: tolerance, mistake: mistake, credit: 0)
            }
        }
    }

    /// - Parameter check: calls the function with arguments of its own and judges what comes back.
    public init(
        _ name: String, function: String, points: Double = 1, isBonus: Bool = false,
        check: @escaping (LearnerFunction) throws -> Void
    ) {
        self.init(name, function, points, isBonus, faults: [], check: check)
    }

    /// - Parameters:
    ///   - seed: where the random numbers start, so that each check calls with the same arguments.
    ///   - check: calls the function with random arguments and judges what comes back.
    public init(
        _ name: String, function: String, seed: UInt64, points: Double = 1, isBonus: Bool = false,
        check: @escaping (LearnerFunction, inout SeededGenerator) throws -> Void
    ) {
        self.init(name, function, points, isBonus, faults: []) { function in
            var random = SeededGenerator(seed: seed)
            try check(function, &random)
        }
    }

    private init(
        _ name: String, _ function: String, _ points: Double, _ isBonus: Bool, faults: [String],
        check: @escaping (LearnerFunction) throws -> Void
    ) {
        declaration = ProblemDeclaration(
            name: name, kind: .function, variables: [function], points: points, isBonus: isBonus, faults: faults
        ) { answers in
            let found = try answers.values(of: [function])
            try check(try AnswerReading.function(function, found[0], answers))
        }
    }
}

/// Random numbers that are the same in each run: for the arguments that a checker makes up.
///
/// For example: `Double.random(in: -1...1, using: &random)`.
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
