import Foundation

@testable import Training

/// The ratings that the repository ships, made ready as the first exercise does: dense ids, shuffled rows, targets
/// without the training mean.
struct Ratings {
    var users: [Int32]
    var movies: [Int32]
    var targets: [Float]
    var userCount: Int
    var movieCount: Int

    static let validationSplit = 0.05
    var trainingCount: Int { Int((Double(targets.count) * (1 - Ratings.validationSplit)).rounded(.down)) }

    static let all: Ratings = {
        do { return try Ratings() } catch { preconditionFailure("the ratings in exercises/embeddings/data can't be read: \(error)") }
    }()

    private init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("exercises/embeddings/data/ml-latest-small/ratings.csv")
        let bytes = [UInt8](try Data(contentsOf: file))
        var rows: [(user: Int, movie: Int, rating: Float)] = []
        rows.reserveCapacity(110_000)
        bytes.withUnsafeBufferPointer { bytes in
            var position = (bytes.firstIndex(of: 10) ?? 0) + 1
            func number() -> Float {
                var (value, scale): (Float, Float) = (0, 0)
                while position < bytes.count {
                    let byte = bytes[position]
                    position += 1
                    if byte == 46 { scale = 1; continue }
                    guard byte >= 48, byte <= 57 else { break }
                    value = value * 10 + Float(byte - 48)
                    scale *= 10
                }
                return scale > 1 ? value / scale : value
            }
            while position < bytes.count {
                let row = (Int(number()), Int(number()), number())
                rows.append(row)
                while position < bytes.count, bytes[position - 1] != 10 { position += 1 }
            }
        }
        let order = ReferencePermutation.rows(rows.count)
        let userPlaces = Self.dense(rows.map(\.user))
        let moviePlaces = Self.dense(rows.map(\.movie))
        users = order.map { userPlaces[rows[$0].user] ?? -1 }
        movies = order.map { moviePlaces[rows[$0].movie] ?? -1 }
        targets = order.map { rows[$0].rating }
        (userCount, movieCount) = (userPlaces.count, moviePlaces.count)
        let mean = Float(targets[..<trainingCount].reduce(into: 0.0) { $0 += Double($1) } / Double(trainingCount))
        targets = targets.map { $0 - mean }
    }

    private static func dense(_ ids: [Int]) -> [Int: Int32] {
        Dictionary(uniqueKeysWithValues: Set(ids).sorted().enumerated().map { ($1, Int32($0)) })
    }

    /// The model of the first exercise.
    func model(dimensions: Int, withBias: Bool = false) -> Model {
        let userID = Input(shape: [1], name: "user_id")
        let movieID = Input(shape: [1], name: "movie_id")
        let user = Embedding(inputDimension: userCount, outputDimension: dimensions, name: "user_embedding")(userID)
        let movie = Embedding(inputDimension: movieCount, outputDimension: dimensions, name: "movie_embedding")(movieID)
        var out = Flatten()(Concatenate()(user, movie))
        for units in [32, 4] { out = Dense(units, activation: .relu)(out) }
        out = Dense(1, name: "prediction")(out)
        if withBias {
            out = Add()(out, Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID)))
        }
        let model = Model(inputs: [userID, movieID], outputs: out)
        model.compile(optimizer: Adam(learningRate: 0.005), loss: .meanSquaredError, metrics: [.meanAbsoluteError])
        return model
    }

    func fit(_ model: Model, epochs: Int = 8) throws -> History {
        try model.fit(
            [users, movies], targets, batchSize: 5_000, epochs: epochs, validationSplit: Ratings.validationSplit, verbose: .silent)
    }
}
