import Testing

@testable import Training

/// What Keras on JAX reached on the same ratings after 8 epochs: ten seeds' medians, and the spread of one run.
struct KerasCurve {
    var dimensions: Int
    var withBias: Bool
    var trainingMSE: (median: Double, deviation: Double)
    var validationMSE: (median: Double, deviation: Double)
    var validationMAE: (median: Double, deviation: Double)

    static let all = [
        KerasCurve(
            dimensions: 8, withBias: false, trainingMSE: (0.6425, 0.0106), validationMSE: (0.8183, 0.0063),
            validationMAE: (0.6949, 0.0048)),
        KerasCurve(
            dimensions: 32, withBias: false, trainingMSE: (0.5997, 0.0199), validationMSE: (0.8334, 0.0157),
            validationMAE: (0.6985, 0.0069)),
        KerasCurve(
            dimensions: 8, withBias: true, trainingMSE: (0.6383, 0.0094), validationMSE: (0.8194, 0.0073),
            validationMAE: (0.6964, 0.0054)),
    ]
}
extension TrainingTests {
    @Suite("Training on the real ratings ends where Keras does")
    struct CurveTests {
        @Test("Ten seeds' medians of the errors lie within two deviations of Keras'", arguments: 0..<3)
        func medians(index: Int) throws {
            let curve = KerasCurve.all[index]
            let ratings = Ratings.all
            #expect(ratings.trainingCount == 95_003)
            var (training, validation, absolute, correlations): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
            for seed in 1...10 {
                setRandomSeed(seed)
                let model = ratings.model(dimensions: curve.dimensions, withBias: curve.withBias)
                let history = try ratings.fit(model)
                training.append(history.finalLoss)
                validation.append(history.finalValidationLoss)
                absolute.append(try #require(history["val_mae"]?.last))
                if curve.withBias { correlations.append(try biasCorrelation(model, ratings)) }
            }
            #expect(abs(median(training) - curve.trainingMSE.median) <= 2 * curve.trainingMSE.deviation)
            #expect(abs(median(validation) - curve.validationMSE.median) <= 2 * curve.validationMSE.deviation)
            #expect(abs(median(absolute) - curve.validationMAE.median) <= 2 * curve.validationMAE.deviation)
            if curve.withBias { #expect(abs(median(correlations) - 0.824) <= 2 * 0.033) }
        }

        /// How the learned biases go with the mean training ratings of the movies that have at least 20.
        private func biasCorrelation(_ model: Model, _ ratings: Ratings) throws -> Double {
            let biases = try #require(model.layer(named: "movie_bias")).weights[0].scalars
            var sums = [Double](repeating: 0, count: ratings.movieCount)
            var counts = [Double](repeating: 0, count: ratings.movieCount)
            for row in 0..<ratings.trainingCount {
                sums[Int(ratings.movies[row])] += Double(ratings.targets[row])
                counts[Int(ratings.movies[row])] += 1
            }
            let pairs = counts.indices.filter { counts[$0] >= 20 }.map { (Double(biases[$0]), sums[$0] / counts[$0]) }
            let n = Double(pairs.count)
            let (a, b) = (pairs.reduce(0) { $0 + $1.0 } / n, pairs.reduce(0) { $0 + $1.1 } / n)
            let ab = pairs.reduce(0) { $0 + ($1.0 - a) * ($1.1 - b) }
            let aa = pairs.reduce(0) { $0 + ($1.0 - a) * ($1.0 - a) }
            let bb = pairs.reduce(0) { $0 + ($1.1 - b) * ($1.1 - b) }
            return ab / (aa * bb).squareRoot()
        }

        private func median(_ values: [Double]) -> Double {
            let sorted = values.sorted()
            return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        }
    }
}
