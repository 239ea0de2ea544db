import Grading
import Training

/// Part 3 c: whether a model adds one number for each movie to what its hidden layers predict.
///
/// An experiment decides: when one number of the table changes, the prediction for that movie has to change by just as
/// much, whoever the user is, and no other prediction may change at all. Only to explain what is wrong is the graph
/// looked at.
func checkMovieBias(_ model: Model) throws {
    let anatomy = Anatomy(model)
    try anatomy.requireUsualShape()
    try requireOrderOfInputs(anatomy)
    try requireOneNumber(anatomy)

    let biases = anatomy.movieBiases()
    guard let bias = biases.first else { throw explain(anatomy) }
    let name = inlineCode(bias.name)
    try expect(
        biases.count == 1,
        "There are two tables with a number for each movie, \(name) and \(inlineCode(biases.last?.name ?? "")), and both are added. One is enough: "
            + "training can't tell them apart, and neither of them alone is the bias.",
        mistake: "two-bias-tables")
    try requireHeight(of: bias, anatomy)
    try expect(
        model.layers.contains { $0 is Dense && anatomy.inputs(feeding: $0) == [0, 1] },
        "The bias is right, but what it is added to isn't: the prediction of the hidden layers, which looks at user and movie, is missing.",
        mistake: "prediction-left-out")
    for table in anatomy.tables(on: 0) {
        if case .adds = try anatomy.effect(of: table) {
            throw incorrect(
                "The bias of the movies is right. But \(inlineCode(table.name)) adds a number for each user as well; here only movies get one.",
                mistake: "user-bias-too")
        }
    }
    try expect(
        !anatomy.isDroppedOut(bias),
        "The biases pass through a Dropout layer, so that in training a movie's own number is now and then left out. Add it as it is.",
        mistake: "dropout-on-bias")
    try expect(
        bias.isTrainable, "\(name) is in the right place, but `isTrainable` is false: its numbers would stay as random as they began.",
        mistake: "frozen-bias")
    try expect(
        model.optimizer != nil && model.loss != nil,
        "The layers of `modelWithBias` are right. It isn't compiled yet, though: without an optimizer and a loss it can't be trained.",
        mistake: "not-compiled")
}

/// `fit` hands over users first. Which input is the movies' shows in the size of its table, and in the large sample,
/// whose sizes nobody knows beforehand, in its name.
private func requireOrderOfInputs(_ anatomy: Anatomy) throws {
    let sizes = [0, 1].map { anatomy.mainTable(on: $0)?.inputDimension }
    let names = anatomy.model.inputs.map { $0.name.lowercased() }
    let isSwapped = sizes == [9_066, 671] || (sizes != [671, 9_066] && names[0].contains("movie") && !names[1].contains("movie"))
    try expect(
        !isSwapped,
        "The first input of `modelWithBias` is the movies'. Training hands over the ids of users first and those of movies "
            + "second, so the inputs have to come in this order, too.",
        mistake: "swapped-inputs")
}

private func requireOneNumber(_ anatomy: Anatomy) throws {
    let shape = anatomy.model.outputs[0].shape.dropFirst()
    let count = shape.reduce(1) { $0 * ($1 ?? 1) }
    if count == 1 { return }
    if anatomy.core(of: anatomy.model.outputs[0].layer) is Concatenate {
        throw incorrect(
            "Prediction and bias are put side by side, as \(count) numbers. They should be added up to one.", mistake: "concatenated-bias")
    }
    let wide = anatomy.summands.lazy.compactMap { anatomy.core(of: $0) as? Embedding }.first { $0.outputDimension > 1 }
    if let wide { throw wideBias(wide) }
    throw incorrect(
        "For one user and one movie the model gives \(count) numbers. It should be one, the prediction plus the bias.", mistake: "wide-output")
}

private func requireHeight(of table: Embedding, _ anatomy: Anatomy) throws {
    guard let movies = anatomy.mainTable(on: 1)?.inputDimension, movies != table.inputDimension else { return }
    throw incorrect(
        "\(inlineCode(table.name)) has \(table.inputDimension) numbers, and there are \(movies) movies. "
            + (table.inputDimension < movies
                ? "The last movies would have none." : "Some numbers would belong to no movie."),
        mistake: "wrong-table-height")
}

private func wideBias(_ table: Embedding) -> Judgement {
    incorrect(
        "\(inlineCode(table.name)) holds \(table.outputDimension) numbers for each movie. A bias is a single one, that can be added as it is.",
        mistake: "wide-bias")
}

/// What is wrong with a model in which no table of movies is simply added.
private func explain(_ anatomy: Anatomy) -> Judgement {
    let output = anatomy.core(of: anatomy.model.outputs[0].layer)
    let joinsMovieAlone = output.inboundLayers.contains { anatomy.inputs(feeding: $0) == [1] }
    switch output {
    case is Multiply where joinsMovieAlone, is Dot where joinsMovieAlone:
        return incorrect(
            "The prediction is multiplied by the movie's number. A bias is added: it moves the guesses for a movie up or down, the same "
                + "for each user.", mistake: "multiplied-bias")
    case is Subtract where joinsMovieAlone:
        return incorrect(
            "The movie's number is subtracted. Training would cope, by learning each bias with the other sign, but a movie that is better liked "
                + "should have the larger number: add it.", mistake: "subtracted-bias")
    case is Dense: return explainEndingInDense(output, anatomy)
    default: break
    }

    let summands = anatomy.summands
    let prediction = summands.filter { anatomy.inputs(feeding: $0) == [0, 1] }
        .max { anatomy.upstream(of: $0).count < anatomy.upstream(of: $1).count }
    let added = summands.filter { $0 !== prediction }
    guard let prediction, !added.isEmpty else { return noBias }
    for summand in added where anatomy.inputs(feeding: summand) == [0, 1] {
        return explainMixed(summand, prediction, anatomy)
    }
    if let table = added.lazy.compactMap({ anatomy.inputs(feeding: $0) == [1] ? $0 : nil }).first {
        return explainMovies(table, prediction, anatomy)
    }
    return incorrect(
        "The number that you add depends on the user: each user gets a bias, and all movies share it. Here each movie should have its own.",
        mistake: "bias-per-user")
}

private var noBias: Judgement {
    incorrect(
        "No part of the model holds a number of its own for each movie that is added to the prediction. Compare the summary with the picture: "
            + "an arrow leads from the movie past the hidden layers.", mistake: "no-bias")
}

/// The last layer with weights computes the output, and nothing that belongs to a movie is added after it.
private func explainEndingInDense(_ output: Layer, _ anatomy: Anatomy) -> Judgement {
    let ownTables = anatomy.tables(on: 1).filter { $0 !== anatomy.mainTable(on: 1) }
    guard let table = ownTables.last else {
        let addsConstant = anatomy.upstream(of: anatomy.model.outputs[0].layer).contains {
            $0 is Rescaling && anatomy.upstream(of: $0).contains { $0 === output }
        }
        return !addsConstant
            ? noBias
            : incorrect("What you add is the same for all movies. Each movie should have a number of its own.", mistake: "shared-bias")
    }
    // Did a prediction, of a Dense layer before, meet the table on the way to the last one?
    let meetsPrediction = anatomy.upstream(of: output).contains { layer in
        !(layer is Dense) && anatomy.upstream(of: layer).contains { $0 === table }
            && layer.inboundLayers.contains { anatomy.inputs(feeding: $0) == [0, 1] && anatomy.upstream(of: $0).contains { $0 is Dense } && !anatomy.upstream(of: $0).contains { $0 === table } }
    }
    if !meetsPrediction {
        return incorrect(
            "\(inlineCode(table.name)) joins in before the hidden layers, which turn its numbers into something else. A bias is "
                + "added after the last of them, to the prediction.", mistake: "bias-before-hidden-layers")
    }
    if (output as? Dense)?.activation != .linear {
        return incorrect(
            "After the bias has been added the sum passes through an activation, so that a bias of 1 no longer means one more. The sum is the output.",
            mistake: "bias-through-activation")
    }
    return incorrect(
        "\(inlineCode(output.name)) comes after the bias and weighs it. Let the sum of prediction and bias be the output.", mistake: "bias-before-last-layer")
}

/// What is added depends on users and movies, as the prediction does.
private func explainMixed(_ summand: Layer, _ prediction: Layer, _ anatomy: Anatomy) -> Judgement {
    let predictionParts = anatomy.upstream(of: prediction)
    let isNew = anatomy.upstream(of: summand).contains { part in part is Embedding && !predictionParts.contains { $0 === part } }
    if !isNew {
        return incorrect(
            "What you add is computed from what the network has anyway, and no movie has a number of its own in it. Give the "
                + "movies a layer that holds one for each.", mistake: "shared-bias")
    }
    return incorrect(
        "What you add depends on the user, too. The bias of a movie is the same for everybody: it comes from the movie's id alone.",
        mistake: "bias-from-both")
}

/// What is added depends on the movie alone, but is not simply a number for each.
private func explainMovies(_ summand: Layer, _ prediction: Layer, _ anatomy: Anatomy) -> Judgement {
    let parts = anatomy.upstream(of: summand)
    let tables = parts.compactMap { $0 as? Embedding }
    let dense = parts.compactMap { $0 as? Dense }
    guard let table = tables.first else {
        return incorrect(
            "What you add is computed from the movie's id as if it were an amount: movie 2000 gets twice what movie 1000 gets. An id is a name, "
                + "and calls for a layer that looks a number up for it.", mistake: "dense-on-id")
    }
    if anatomy.upstream(of: prediction).contains(where: { $0 === table }) {
        return incorrect(
            "What you add is made from \(inlineCode(table.name)), whose numbers the hidden layers use as well. Give the biases a table of their own, so "
                + "that nothing else pulls at them.", mistake: "bias-from-embedding")
    }
    if table.outputDimension > 1 { return wideBias(table) }
    if let activated = dense.first(where: { $0.activation != .linear }) {
        return incorrect(
            "The biases pass through the activation of \(inlineCode(activated.name)), which bends them. Add them as they are in the table.",
            mistake: "bias-through-activation")
    }
    if let layer = dense.first {
        return incorrect(
            "\(inlineCode(layer.name)) multiplies the numbers of \(inlineCode(table.name)) by a weight that all movies share. Without it each number in the table is "
                + "the bias itself.", mistake: "bias-through-dense")
    }
    switch try? anatomy.effect(of: table) {
    case .adds(let multiple) where abs(multiple - 2) < 1e-2:
        return incorrect(
            "The bias of a movie is added twice: when its number in \(inlineCode(table.name)) grows by 1, the prediction grows by 2.", mistake: "bias-added-twice")
    case .adds(let multiple) where multiple < 0:
        return incorrect(
            "When the number of a movie in \(inlineCode(table.name)) grows, its predictions shrink. A bias is added, not taken away.",
            mistake: "subtracted-bias")
    case .adds(let multiple):
        return incorrect(
            "When the number of a movie in \(inlineCode(table.name)) grows by 1, its predictions change by \(rounded(multiple)). It should be 1, too: add "
                + "the number as it is.", mistake: "scaled-bias")
    default:
        return incorrect(
            "A change of one number in \(inlineCode(table.name)) does not change the predictions for that movie by just as much. Add the number as it is.",
            mistake: "not-simply-added")
    }
}

private func rounded(_ number: Double) -> String { "\((number * 100).rounded() / 100)" }
