// %% [markdown] id="title"
// # Embedding layers
//
// In the [tutorial](0-tutorial.swift) you built a network that guesses how many stars a user would give a movie. This
// exercise takes that network and asks three things of it:
//
// 1. When is an embedding layer the right tool?
// 2. How wide should an embedding be?
// 3. What happens when each movie gets a number of its own, a *bias*, that is added to the network's guess?
//
// It takes about 45 minutes. Where you see `check()`, your answer is judged. `hint()` and `solution()` are always there
// for you, and asking costs nothing. They stand behind `//` so that you don't read them by accident: remove the two
// slashes and run the cell.

// %% [markdown] id="setup-text"
// ## Setup
//
// Run the next three cells first. They load the ratings, define a function that builds and trains the model of the
// tutorial, and train it twice, with small and with large embeddings. You need both later on.
//
// The data are real: 100,004 ratings that 671 people gave to 9,066 movies, which come with this course. Training a
// model on them takes a second or less, so try things out as you like.
//
// *With more data.* If you have downloaded MovieLens 20M, 25M or 32M (grouplens.org/datasets/movielens), run
// `etude data movielens PATH` in a terminal. You then work with a sample of it: the ratings that a tenth of its users
// gave to movies with at least 1,000 ratings, about two million rows. Everything below works the same; training takes
// longer, and the errors come out different. Where we give numbers, we say for which data.

// %% id="setup"
import Training
import DataFrames
import Plotting
import EmbeddingLayers        // the questions: part1, part2, part3

let ratings = try DataFrame(contentsOfCSVFile: course.data("ratings.csv"))

// Users and movies are numbered from 0, so the largest id tells how many there are.
let userCount = Int(ratings["userId"].max()) + 1
let movieCount = Int(ratings["movieId"].max()) + 1

// Settings to play with later.
let learningRate = 0.005
let epochs = 8                // how often training goes through all of its rows
let hiddenUnits = [32, 4]     // the sizes of the hidden layers

ratings.head()

// %% [markdown] id="columns-text"
// One row is one rating. `userId` and `movieId` are numbered without gaps, `movieId_orig` is the number that the movie
// has at MovieLens. `y` is what the model learns to guess: the rating minus the mean of all ratings used for training,
// so that 0 stands for an average rating. The rows were shuffled once; the last 5 % of them are kept for validation.

// %% id="build-and-train"
func buildAndTrainModel(
    movieEmbeddingSize: Int = 8, userEmbeddingSize: Int = 8, epochs: Int = epochs, verbose: Verbosity = .progress
) throws -> History {
    setRandomSeed(1)          // the same start, the same order of rows, the same result

    let userID = Input(shape: [1], name: "user_id")
    let movieID = Input(shape: [1], name: "movie_id")
    let userEmbedded = Embedding(
        inputDimension: userCount, outputDimension: userEmbeddingSize, name: "user_embedding")(userID)
    let movieEmbedded = Embedding(
        inputDimension: movieCount, outputDimension: movieEmbeddingSize, name: "movie_embedding")(movieID)
    var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))

    for units in hiddenUnits {
        out = Dense(units, activation: .relu)(out)
    }
    out = Dense(1, name: "prediction")(out)

    let model = Model(inputs: [userID, movieID], outputs: out)
    model.compile(
        optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])
    return try model.fit(
        [ratings["userId"], ratings["movieId"]], ratings["y"],
        batchSize: 5_000, epochs: epochs, validationSplit: 0.05, verbose: verbose)
}

// %% id="train"
let history8 = try buildAndTrainModel()
let history32 = try buildAndTrainModel(movieEmbeddingSize: 32, userEmbeddingSize: 32)
print("Setup complete!")

// %% [markdown] id="part1-text"
// ## Part 1: When to use an embedding layer
//
// Leave the movies for a moment. You have just been hired by a music service that is growing fast, and you are to build
// a model that suggests songs. There is a record of everything that was ever played: 500 million streams, one row each.
//
// | variable        | what it holds            |    distinct | for example      |
// |-----------------|--------------------------|------------:|------------------|
// | `stream_id`     | this stream: one per row | 500 million | 480213377105, …  |
// | `user_id`       | who is listening         |   5 million | 3592104417, …    |
// | `song_id`       | which song               |  10 million | 3150177204, …    |
// | `timestamp`     | when the song started    |  80 million | 2017-10-08 13:20 |
// | `artist_id`     | who recorded the song    |   1 million | 122150866, …     |
// | `song_duration` | its length in seconds    |         450 | 257, 155, 212    |
// | `explicit`      | adult language in it?    |           2 | true, false      |
// | `user_country`  | country code of the user |         150 | CAN, KOR, CHE    |
//
// "Distinct" says how many different values a variable has. Where the values are text, take it that they have been
// numbered already.
//
// For which of these variables would you give a neural network an embedding layer? The set below holds all eight.
// Delete the ones that need no embedding layer (or put `//` in front of them), then run the cell.

// %% id="variables" problem="part1"
var embeddingVariables: Set = [
    "stream_id",
    "user_id",
    "song_id",
    "timestamp",
    "artist_id",
    "song_duration",
    "explicit",
    "user_country",
]
part1.check()

// %% id="part1-solution"
// part1.solution()

// %% [markdown] id="part2-text"
// ## Part 2: How wide?
//
// Back to the movies. In the tutorial each user and each movie got 8 numbers, a choice made without much thought. Here
// is how the error of that model went down over 8 epochs: the solid line on the ratings it was trained with, the dashed
// line on the validation rows, which it never learned from. "mae" is the mean absolute error: by how many stars a guess
// is off, on average.

// %% id="curves"
plotHistory([("8 dimensions", history8)], keys: ["mae"])

// %% [markdown] id="part2-guess"
// The second model of the setup has embeddings of 32 dimensions instead of 8, for users and for movies, and is the same
// in all else. What do you expect of its two curves? Will the solid one be lower or higher than before, and by how
// much? And the dashed one?
//
// Decide before you run the next cell. A guess that turns out wrong teaches more than no guess.

// %% id="curves-compared"
plotHistory([("8 dimensions", history8), ("32 dimensions", history32)], keys: ["mae"], train: true, size: [15, 5])

// %% [markdown] id="part2-try"
// With the data of this course you should see the first model end at 0.61 on the training and 0.67 on the validation
// rows, the second at 0.58 and 0.67. Was that your guess? The two pairs of curves also differ in shape; look at where
// the dashed lines have their lowest point.
//
// So far users and movies had embeddings of the same size. They needn't. If only one of the two could have more
// dimensions, which would you give them to, and why? Try it: take the slashes away, choose your own sizes, run.

// %% id="sizes"
// let historyBigUsers = try buildAndTrainModel(movieEmbeddingSize: 4, userEmbeddingSize: 16)
// plotHistory([("8 and 8", history8), ("movies 4, users 16", historyBigUsers)], keys: ["mae"])

// %% [markdown] id="part2-end"
// When you have made up your mind about what more dimensions do, read what we make of it.

// %% id="part2-solution"
// part2.solution()

// %% [markdown] id="part3-text"
// ## Part 3: A bias for each movie
//
// Now you change the model itself. A **bias** is a number that is added to what a node puts out, whatever the node's
// inputs are. We want one for each movie: the network makes its guess from user and movie as before, and then the
// movie's own number is added.
//
// ![The model as a graph, from the inputs on the left to the output on the right. user_id goes to a user embedding of 8
// numbers, movie_id to a movie embedding of 8 numbers. Both are joined to 16 numbers, which go through hidden layers of
// 32 and of 4 units to a single unit, the prediction. New, in orange: movie_id also goes to a movie bias, one number
// for each movie. An orange arrow carries it past all other layers to a plus sign, where it is added to the prediction.
// The sum is the output.](images/model-with-biases.svg)

// %% [markdown] id="part3-why"
// ### Will it help?
//
// Do you think that the guesses get better with biases? The network already has 8 numbers for each movie. What could a
// ninth do that they can't? Think of reasons for and against, then look.

// %% id="part3a-solution"
// part3.a.solution()

// %% [markdown] id="part3-which"
// And what will the biases look like once they are learned? Can you name a movie that should get a high one, and one
// that should get a low one?

// %% id="part3b-solution"
// part3.b.solution()

// %% [markdown] id="part3c-text"
// ### Build it
//
// Here is the tutorial's model once more, with one line missing: `movieBias`. What you put there is the output of
// calling a layer, as `userEmbedded` and `movieEmbedded` are. A line further down adds it to the prediction.
//
// Give the layer that holds the biases a name of your own choosing (`name: "…"`). You will look for it later.

// %% id="bias" problem="part3.c"
setRandomSeed(1)

let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))

for units in hiddenUnits {
    out = Dense(units, activation: .relu)(out)
}
out = Dense(1, name: "prediction")(out)    // the guess, before the bias is added

// Your line: one number per movie.
let movieBias: SymbolicTensor = <#the output of calling a layer#>
out = Add()(out, movieBias)

let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])
modelWithBias.summary()
part3.c.check()

// %% [markdown] id="part3c-help"
// No idea where to begin? Ask for a hint; ask again for the next one.

// %% id="part3c-hint"
// part3.c.hint()

// %% id="part3c-solution"
// part3.c.solution()

// %% [markdown] id="training-text"
// ### Train it
//
// The same settings as before, so that the two models can be compared. If `fit` complains about a shape, something is
// amiss with `movieBias`: go back one cell, or look at `part3.c.solution()` for an answer that works.

// %% id="training"
let historyWithBias = try modelWithBias.fit(
    [ratings["userId"], ratings["movieId"]], ratings["y"],
    batchSize: 5_000, epochs: epochs, validationSplit: 0.05)

// %% [markdown] id="training-compare"
// How does it compare with the model without biases? Recall what you expected, then draw both.

// %% id="bias-curves"
plotHistory([("without biases", history8), ("with biases", historyWithBias)], keys: ["loss"])

// %% [markdown] id="noise"
// The two models hardly differ, and neither curve settles which one is better. That is what most runs look like. To
// judge such a difference, one has to know how much two runs of the *same* model differ when only the random start
// changes. We trained both models 30 times each, from 30 starts, on the data of this course:
//
// | after 8 epochs                 | without biases | with biases |
// |--------------------------------|---------------:|------------:|
// | training loss: median          |          0.645 |       0.641 |
// | – 8 runs in 10 lie between     |    0.62 – 0.69 | 0.62 – 0.67 |
// | validation loss: median        |          0.772 |       0.773 |
// | – 8 runs in 10 lie between     |    0.76 – 0.79 | 0.76 – 0.79 |
// | validation mae: median         |          0.667 |       0.665 |
//
// So a difference of 0.05 in the training loss says nothing about the models; the start alone makes as much. One start
// in ten is slow, and still above 0.70 at the end. The validation mae is steadier, but there too 0.01 is noise. See for
// yourself: change the 1 in `setRandomSeed(1)`. All in all, biases may help a little; it takes many runs to tell.
//
// With the two million ratings of the large sample, runs are more alike. There, a final loss that differs by more than
// 0.02 in either direction points to a mistake.

// %% [markdown] id="part3d-text"
// ### Look at what was learned
//
// Biases were no great win. But you had an idea of what they would look like, and that can be put to the test: they are
// the weights of one layer, and weights can be read.
//
// Find that layer, and put it into `biasLayer`. A model knows its layers by name, `modelWithBias.layer(named: "…")`,
// and by position, `modelWithBias.layer(at: 0)`; if you have forgotten the name, `modelWithBias.summary()` lists them
// all.

// %% id="bias-layer" problem="part3.d"
let biasLayer: Layer? = nil
part3.d.check()

// %% id="part3d-solution"
// part3.d.solution()

// %% [markdown] id="biases-text"
// Once `biasLayer` is right, the next cell reads its weights. They are one table of one column, a row for each movie:
// row 17 holds the bias of the movie with `movieId` 17. Joined with the table of movies they get names. `n_ratings` and
// `mean_rating` there come from the rows used for training only; movies without any are left out.

// %% id="biases"
let movies = try DataFrame(contentsOfCSVFile: course.data("movies.csv"))
var moviesWithBias: DataFrame?
let shown = ["title", "n_ratings", "mean_rating", "bias"]     // "year" and "genres" are there too, if you have the room

if let biases = biasLayer?.weights.first {
    print("Biases of shape \(biases.shape)")
    let table = movies.joined(with: DataFrame(["movieId": Array(0..<movieCount), "bias": biases]), on: "movieId")
        .dropMissing("mean_rating")
    display(table.select(shown).head())
    moviesWithBias = table
} else {
    print("There are no biases yet: find the layer in the cell above, then run this one again.")
}

// %% [markdown] id="extremes-text"
// Which movies got the largest biases, and which the smallest? Look at how many ratings they have, too.

// %% id="extremes"
if let moviesWithBias {
    let table = moviesWithBias.select(shown)
    display(
        "Largest biases", table.sorted(by: "bias", order: .descending).head(10),
        "Smallest biases", table.sorted(by: "bias").head(10))
}

// %% [markdown] id="scatter-text"
// And all movies, or 1,000 of them drawn at random: mean rating to the right, learned bias upwards. Where points lie on
// top of each other the color gets darker.

// %% id="scatter"
if let moviesWithBias {
    display(Chart(
        moviesWithBias.sample(1_000, seed: 1), x: "mean_rating", y: "bias", mark: .point(opacity: 0.4), size: [13, 7]))
}

// %% [markdown] id="part3e-text"
// ### What do you make of it?
//
// Hold these three pictures against what you expected in part 3: do the biases follow how well a movie is liked? And
// would you trust the two lists, if you were to name the best and the worst movie of all? What would you change about
// the model to trust them more?

// %% id="part3e-solution"
// part3.e.solution()

// %% [markdown] id="end"
// ## That's it
//
// You know now which variables call for an embedding layer, what its size does, and how to add one to a model that is
// already there; and you have opened a trained model and read what it learned.
//
// **Where to go from here**
//
// - *The next lesson* is matrix factorization: no hidden layers at all, just the product of the two embeddings, plus
//   biases. It also brings L2 regularization, which keeps a movie with a single rating from running off. You have met
//   all that it is made of.
// - *The layers that you used*, with their arguments and shapes, are on one page: [layers.md](layers.md).
// - *The data* are MovieLens' ml-latest-small of 2016: F. Maxwell Harper and Joseph A. Konstan, "The MovieLens Datasets:
//   History and Context", 2015, [doi.org/10.1145/2827872](https://doi.org/10.1145/2827872). More of them, and larger ones:
//   [grouplens.org/datasets/movielens](https://grouplens.org/datasets/movielens/).
// - *A question left?* Take it, with your copy of this exercise, to whoever gave you the course. Tell them too when
//   something in the exercise itself is wrong or unclear.
//
// **How did it go?** Tell us in the cell below. It is handed in together with your answers, so it reaches the people
// who can make this exercise better.

// %% id="how-it-went"
let howItWent = [
    "minutes it took": "",
    "too easy, too hard, just right": "",
    "what was unclear": "",
    "what you would like to see next": "",
]
