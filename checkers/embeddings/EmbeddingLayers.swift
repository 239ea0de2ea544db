import Grading
import Training

let embeddingLayers = Exercise("EmbeddingLayers", points: 3) {
    CodingProblem("part1", variable: "embeddingVariables") { (chosen: Set<String>) in
        try checkEmbeddingVariables(chosen)
    }
    ThoughtExperiment("part2")
    MultipartProblem("part3") {
        ThoughtExperiment("a")
        ThoughtExperiment("b")
        CodingProblem("c", variable: "modelWithBias") { (model: Model) in
            try checkMovieBias(model)
        }
        CodingProblem(
            "d", variables: "biasLayer", "modelWithBias", nilIsNotAttempted: true,
            typeHint: "A model gives a layer out by its name or by its position."
        ) { (layer: Layer?, model: Model) in
            guard let layer else { throw notAttempted("`biasLayer` is still nil.") }
            try checkBiasLayer(layer, of: model)
        }
        ThoughtExperiment("e")
    }
}

/// Part 1: which variables of the streaming data call for an embedding layer.
func checkEmbeddingVariables(_ chosen: Set<String>) throws {
    let ids: Set = ["user_id", "song_id", "artist_id"]
    let index: Set = ["stream_id"], continuous: Set = ["timestamp", "song_duration"], binary: Set = ["explicit"]
    let few: Set = ["user_country"]
    let all = ids.union(index).union(continuous).union(binary).union(few)

    let unknown = chosen.subtracting(all).sorted()
    try expect(
        unknown.isEmpty,
        "The data have no variable \(unknown.map { inlineCode($0) }.joined(separator: ", ")): the names are those in the table above.",
        mistake: "unknown-variable")
    try expect(
        chosen != all, "All eight variables are still there, and some of them need no embedding layer. Go through them one by "
            + "one: how many values does it have, and does it mean anything that one value is larger than another?",
        mistake: "everything-chosen")
    try expect(
        !chosen.isEmpty, "The set is empty. There are variables among these that a network can hardly use without an embedding layer.",
        mistake: "nothing-chosen")
    try expect(
        chosen.isDisjoint(with: index),
        "One of your variables has a different value in every row. What is learned for a value in training can never be used "
            + "again, since that value doesn't come back.",
        mistake: "index-column")
    try expect(
        chosen.isDisjoint(with: continuous),
        "You have chosen something continuous: its values are amounts, and values close to each other mean nearly the same. A "
            + "network can take such a number as it is; an embedding layer would throw the order away.",
        mistake: "continuous-variable")
    try expect(
        chosen.isDisjoint(with: binary),
        "You have chosen something binary. With two values, one input that is 0 or 1 says all there is to say.",
        mistake: "binary-variable")
    try expect(
        chosen != few,
        "What you have chosen can have an embedding layer, but it isn't the variable that needs one most. Look for categories with many, "
            + "many values.",
        mistake: "only-few-values")
    let missing = ids.subtracting(chosen).count
    try expect(
        missing == 0,
        "All that you have chosen is right, and \(missing == 1 ? "one variable is" : "\(missing) variables are") missing: look again for categories with a great many values that "
            + "come back in many rows.",
        mistake: "missing-variable-with-many-values")

    if chosen.isSuperset(of: few) {
        throw correct(
            "The country is a matter of taste, and you have kept it: with 150 values an embedding layer is a good choice, and a "
                + "column for each country would work, too.")
    }
    throw correct(
        "You have left the country out, which is a matter of taste: with 150 values, a column for each is still feasible, and an embedding layer "
            + "would be fine, too.")
}

/// Part 3 d: the layer that holds the biases.
func checkBiasLayer(_ layer: Layer, of model: Model) throws {
    let name = inlineCode(layer.name)
    switch layer.kind {
    case "Embedding": break
    case "Flatten":
        throw incorrect(
            "\(name) is a Flatten layer: it changes the shape of what passes through it, and has nothing to learn. The biases are in "
                + "the layer whose output it flattens.", mistake: "flatten-layer")
    case "Add":
        throw incorrect(
            "\(name) is an Add layer: it adds what two others put out, and keeps no numbers of its own. The biases come from one of the two.",
            mistake: "add-layer")
    case "Dense":
        throw incorrect(
            "\(name) is a Dense layer. Its weights are the same for all movies; look for the layer that holds one number for each.",
            mistake: "dense-layer")
    case "InputLayer":
        throw incorrect("\(name) is where ids enter the model. The biases are in a layer that is called on it.", mistake: "input-layer")
    default:
        throw incorrect(
            "\(name) is a layer of the kind \(layer.kind), which looks nothing up. The biases are in a table with a row for each movie.",
            mistake: "other-kind-of-layer")
    }
    // The model's own copy knows what it is called on.
    let layer = try require(
        model.layers.first { $0.identifier == layer.identifier },
        "\(name) is an Embedding layer, but not one of `modelWithBias`. Ask that model for it. (Each time the cell of part 3c runs it "
            + "makes new layers, so this cell has to run again after it.)",
        mistake: "layer-of-another-model")

    let anatomy = Anatomy(model)
    let width = layer.outputShape.last.flatMap { $0 } ?? 0
    if width != 1 {
        let isOfUsers = anatomy.inputs(feeding: layer) == [0]
        throw incorrect(
            "\(name) holds \(width) numbers for each \(isOfUsers ? "user" : "movie"), and they go into the hidden layers. A bias is a single number.",
            mistake: isOfUsers ? "user-embedding" : "movie-embedding")
    }
    // What part 3c has to say of a model is not said again here: only a model in order can show the layer up as wrong.
    let biases = (try? anatomy.requireUsualShape()).map { anatomy.movieBiases() } ?? []
    try expect(
        biases.isEmpty || biases.contains { $0.identifier == layer.identifier },
        "\(name) holds one number for each id, but these are not what is added to a movie's prediction.",
        mistake: "not-the-movie-bias")
}
