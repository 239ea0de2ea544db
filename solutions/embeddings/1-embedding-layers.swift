// %% [markdown]
// # Embedding layers: hints, solutions, and answers to try the checkers with
//
// For each question: its hints, in order; what `solution()` shows; answers that must pass; and answers that must fail, each
// with the kind of mistake that the checker has to find. A right or wrong answer stands for the whole cell of its question.

// %% [markdown] problem="part1" role="hint"
// Take the variables one at a time and ask two things. How many different values does it have? And does it mean anything
// that one value is larger than another, or are the values just names?

// %% [markdown] problem="part1" role="hint"
// An embedding learns something about a value from all the rows in which that value occurs. So a value should come back: what
// occurs in one row only can teach nothing about the next.

// %% [markdown] problem="part1" role="solution"
// Embedding layers are made for categories with very many values that occur again and again. Here these are the user, the
// song and the artist:

// %% problem="part1" role="solution"
embeddingVariables = ["user_id", "song_id", "artist_id"]

// %% [markdown] problem="part1" role="solution"
// `user_country` can go either way. 150 categories are few enough to give each a column of zeros and ones, and enough for a
// small embedding to find out which countries have a similar taste.
//
// Why not the others?
//
// - `stream_id` numbers the rows. No stream is ever played a second time, so whatever a network learned about one of them is
//   useless for any other. Leave it out of the model altogether.
// - `timestamp` and `song_duration` are amounts. That 257 seconds are a little more than 255 is exactly what the network
//   should see; as categories the two would have no more in common than any other pair. A duration can be used as it is, and from a
//   time you would compute something that comes back, such as the hour or the day of the week.
// - `explicit` has two values. A single 0 or 1 says it all.

// %% problem="part1" role="right"
var embeddingVariables: Set = [
    // "stream_id",
    "user_id",
    "song_id",
    // "timestamp",
    "artist_id",
    // "song_duration",
    // "explicit",
    "user_country",
]

// %% problem="part1" role="right"
let embeddingVariables: Set<String> = ["artist_id", "song_id", "user_id"]

// %% problem="part1" role="right"
let embeddingVariables = ["user_id", "song_id", "artist_id", "user_country"]      // an array, each name once

// %% problem="part1" role="right"
var embeddingVariables: Set = ["user_id", "song_id"]
embeddingVariables.insert("artist_id")

// %% problem="part1" role="wrong" mistake="everything-chosen"
var embeddingVariables: Set = ["stream_id", "user_id", "song_id", "timestamp", "artist_id", "song_duration", "explicit", "user_country"]

// %% problem="part1" role="wrong" mistake="index-column"
var embeddingVariables: Set = ["stream_id", "user_id", "song_id", "artist_id", "user_country"]

// %% problem="part1" role="wrong" mistake="continuous-variable"
var embeddingVariables: Set = ["user_id", "song_id", "timestamp", "artist_id"]

// %% problem="part1" role="wrong" mistake="continuous-variable"
var embeddingVariables: Set = ["user_id", "song_id", "artist_id", "song_duration", "user_country"]

// %% problem="part1" role="wrong" mistake="binary-variable"
var embeddingVariables: Set = ["user_id", "song_id", "artist_id", "explicit"]

// %% problem="part1" role="wrong" mistake="missing-variable-with-many-values"
var embeddingVariables: Set = ["user_id", "song_id", "user_country"]

// %% problem="part1" role="wrong" mistake="missing-variable-with-many-values"
var embeddingVariables: Set = ["artist_id"]

// %% problem="part1" role="wrong" mistake="only-few-values"
var embeddingVariables: Set = ["user_country"]

// %% problem="part1" role="wrong" mistake="unknown-variable"
var embeddingVariables: Set = ["user_id", "song_id", "artistid"]

// %% problem="part1" role="wrong" mistake="nothing-chosen"
var embeddingVariables: Set<String> = []

// %% problem="part1" role="wrong" mistake="wrong-type"
let embeddingVariables = "user_id, song_id, artist_id"

// %% problem="part1" role="wrong" mistake="wrong-type"
let embeddingVariables = ["user_id", "song_id", "artist_id", "user_id"]

// %% [markdown] problem="part2" role="solution"
// With 32 numbers instead of 8 for each user and each movie the network has far more room to describe what it has seen. You
// can watch it use that room: the training error falls well below that of the small model. On the validation rows hardly anything is
// gained, and in the later epochs the curve may even turn upwards. That is **overfitting**. The extra numbers mostly
// remember the ratings that they were trained with, and what is remembered that way is of no use for new ones.
//
// So wider is not better by itself. A rule of thumb to begin with is the *fourth root* of the number of values: about 5 for 671
// users, and about 10 for 9,066 movies; for the ten million songs of part 1 it would be 56. Then experiment, as you did here, and go by the
// dashed line.
//
// Nor do users and movies need the same. What has more values, and more ratings for each of them, can make use of more
// dimensions; what has few of them is quickly overfitted.

// %% [markdown] problem="part3.a" role="solution"
// There is something to be said on both sides.
//
// **Against.** The network gets one more number for each movie, and more numbers to tune are more to overfit with. Strictly speaking
// it can do nothing that it could not have learned before: movie embeddings go into it already, and a movie's general standing could
// be kept in one of their eight dimensions.
//
// **For.** All added numbers are not alike. Wider hidden layers would make the network larger, too, but they would leave it to find
// out for itself what to do with them. A bias says something that we believe before we have seen any data: *some movies are simply better
// than others, whoever is watching*. With a number that has just this one task, the network need not spend embedding and hidden units on
// it, and they are free for what depends on the pairing of user and movie.
//
// A model that is given a true piece of knowledge about its problem usually learns faster, and from less. Whether it does here is
// for you to see.

// %% [markdown] problem="part3.b" role="solution"
// The bias of a movie moves the guess for everybody by the same amount. A movie that nearly everyone likes should therefore have a
// high one, and a movie that nearly everyone regrets a low one. It makes sense to expect that biases follow the mean rating of the movies.
//
// They will hardly be the same thing, though. The network still has its embeddings, and can say part of it with those. And a mean
// rating depends on *who* rated: when a movie was mostly seen by people who give everything five stars, its bias can be lower than its
// mean suggests.

// %% [markdown] problem="part3.e" role="solution"
// By and large they do agree: the points rise from the lower left to the upper right, so the better a movie is rated, the larger
// its bias is.
//
// Look at the number of ratings, though. Among the largest and the smallest biases are many movies that a handful of people
// have rated, or a single one. One bad review is enough to make the "worst movie of all", and one delighted viewer makes the best. That is a lot to conclude from one rating,
// and you would rather trust a good mean of three hundred.
//
// Nothing in our model holds it back: a bias may become as large as it likes, as long as it brings the guess for that one rating
// nearer. What is missing is a price for large numbers, so that a bias moves away from 0 only as far as there are ratings to show for it. This is called
// **L2 regularization**, and the next lesson is about it.

// %% [markdown] problem="part3.c" role="hint"
// You need a layer that looks up a number for the id of a movie. You have met one that looks up eight: it is once more an embedding
// layer, now of size 1.

// %% [markdown] problem="part3.c" role="hint"
// An embedding layer keeps an axis of its own for the ids, so what it gives for a row is a table of one by one. The prediction is a plain
// list with one number. `Flatten` takes the axis away.

// %% [markdown] problem="part3.c" role="solution"
// A number that is looked up by an id: that is an embedding again. It has as many rows as there are movies, and a single column, and it is
// called on the movies' ids.

// %% problem="part3.c" role="solution"
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))

// %% [markdown] problem="part3.c" role="solution"
// The embedding puts out the shape `[nil, 1, 1]`: one row of one number for each id. `Flatten` makes it `[nil, 1]`, which is the shape of the
// prediction, and `Add` can put the two together. You could as well flatten after adding, or write `out + movieBias` instead of `Add()(out, movieBias)`.
//
// Note where the bias does *not* go: neither through the hidden layers nor through an activation. What is in the table is added just as it is,
// and that is why you can read it so easily later on.

// %% problem="part3.c" role="right"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="right"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = out + movieBias
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="right"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
// Flattened after adding.
let movieBias = Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID)
out = Flatten()(Add()(out, movieBias))
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="right"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
// Not flattened at all: the prediction has the shape [nil, 1, 1].
let movieBias = Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID)
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="right"
// Other names, and the bias first.
let film = Input(shape: [1], name: "film")
let person = Input(shape: [1], name: "person")
let quality = Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(film)
let joined = Concatenate()(
    Embedding(inputDimension: movieCount, outputDimension: 8, name: "films")(film),
    Embedding(inputDimension: userCount, outputDimension: 8, name: "people")(person))
var taste = Flatten()(joined)
for units in hiddenUnits { taste = Dense(units, activation: .relu)(taste) }
let movieBias = Flatten()(quality)
let modelWithBias = Model(inputs: [person, film], outputs: Add()(movieBias, Dense(1)(taste)))
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="right"
// A larger network, with dropout in its hidden layers.
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 16, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in [64, 16, 4] { out = Dropout(rate: 0.1)(Dense(units, activation: .tanh)(out)) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(optimizer: SGD(learningRate: 0.1), loss: .meanAbsoluteError)

// %% problem="part3.c" role="right"
// The embeddings are flattened one by one.
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Concatenate()(Flatten()(userEmbedded), Flatten()(movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="no-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = out
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="no-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = out
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="bias-per-user"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: userCount, outputDimension: 1, name: "movie_bias")(userID))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="bias-per-user"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(userID))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="bias-per-user"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Dense(1)(Flatten()(userEmbedded))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="wide-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="wide-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Dense(1)(Flatten()(Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_bias")(movieID)))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="shared-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Dense(1, name: "movie_bias")(out)
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="shared-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias: Float = 0.5
out = out + movieBias
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="bias-before-hidden-layers"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="bias-before-hidden-layers"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
var out = Concatenate()(Flatten()(userEmbedded), Flatten()(movieEmbedded), movieBias)
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="bias-before-last-layer"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
out = Dense(1)(out)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="bias-before-last-layer"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Dense(1)(Concatenate()(out, movieBias))
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="bias-through-activation"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
out = Dense(1, activation: .sigmoid)(out)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="bias-through-activation"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Dense(1, activation: .relu)(Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID)))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="bias-through-dense"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Dense(1)(Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID)))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="dense-on-id"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Dense(1, name: "movie_bias")(movieID)
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="bias-from-embedding"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Dense(1, name: "movie_bias")(Flatten()(movieEmbedded))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="bias-from-both"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let numbers = Concatenate()(
    Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID),
    Embedding(inputDimension: userCount, outputDimension: 1, name: "user_bias")(userID))
let movieBias = Dense(1)(Flatten()(numbers))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="user-bias-too"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
let userBias = Flatten()(Embedding(inputDimension: userCount, outputDimension: 1, name: "user_bias")(userID))
out = Add()(out, movieBias, userBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="multiplied-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Multiply()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="multiplied-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Dot()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="subtracted-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = out - movieBias
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="subtracted-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, -movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="scaled-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = out + 0.5 * movieBias
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="scaled-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = 0.5 * (out + movieBias)      // the mean of the two
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="bias-added-twice"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="not-simply-added"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = out + movieBias * movieBias
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="two-bias-tables"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
let secondBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias_2")(movieID))
out = Add()(out, movieBias, secondBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="wrong-table-height"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: userCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="wrong-table-height"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount - 1, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="wrong-table-height"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount + 1, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="concatenated-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Concatenate()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="wide-output"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(2, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="prediction-left-out"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
let modelWithBias = Model(inputs: [movieID], outputs: movieBias)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="prediction-left-out"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
let userPart = Flatten()(Embedding(inputDimension: userCount, outputDimension: 1, name: "user_part")(userID))
out = Add()(userPart, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="several-outputs"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
let modelWithBias = Model(inputs: [userID, movieID], outputs: [out, movieBias])
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="too-many-inputs"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let biasID = Input(shape: [1], name: "bias_id")
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(biasID))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID, biasID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="swapped-inputs"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [movieID, userID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="dropout-on-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Dropout(rate: 0.2)(
    Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID)))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="frozen-bias"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let biasLayer = Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")
biasLayer.isTrainable = false
let movieBias = Flatten()(biasLayer(movieID))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)
modelWithBias.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% problem="part3.c" role="wrong" mistake="not-compiled"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
let modelWithBias = Model(inputs: [userID, movieID], outputs: out)

// %% problem="part3.c" role="wrong" mistake="wrong-type"
setRandomSeed(1)
let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")
let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
for units in hiddenUnits { out = Dense(units, activation: .relu)(out) }
out = Dense(1, name: "prediction")(out)
let movieBias = Flatten()(Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(movieID))
out = Add()(out, movieBias)
let model = Model(inputs: [userID, movieID], outputs: out)
model.compile(
    optimizer: Adam(learningRate: learningRate), loss: .meanSquaredError, metrics: [.meanAbsoluteError])
let modelWithBias = model.layers

// %% [markdown] problem="part3.d" role="hint"
// Which layer of your model has a weight for each movie, and just one? `modelWithBias.summary()` shows the parameters of every layer.

// %% [markdown] problem="part3.d" role="solution"
// Of all layers the table that you made in part 3c holds the biases. The `Flatten` behind it only changes a shape, and the `Add` adds: neither has any weights. If you
// gave the table a name, ask for it by that name:

// %% problem="part3.d" role="solution"
let biasLayer = modelWithBias.layer(named: "movie_bias")
biasLayer?.weights[0].shape

// %% [markdown] problem="part3.d" role="solution"
// If you didn't, look for an Embedding layer with the output shape `[nil, 1, 1]` in `modelWithBias.summary()`, and ask for it by its position in the list,
// counted from 0: `modelWithBias.layer(at: …)`. Or let Swift look for it: `modelWithBias.layers.first { $0.outputShape == [nil, 1, 1] }`.
//
// Its weights are a single tensor, one row for each movie and one column.

// %% problem="part3.d" role="right"
let biasLayer: Layer? = modelWithBias.layer(named: "movie_bias")

// %% problem="part3.d" role="right"
let biasLayer = modelWithBias.layers.first { $0.outputShape == [nil, 1, 1] }

// %% problem="part3.d" role="right"
let biasLayer = modelWithBias.layers.first { layer in
    layer.weights.first?.shape == [movieCount, 1]
}

// %% problem="part3.d" role="right"
var biasLayer: Layer?
for layer in modelWithBias.layers where layer.kind == "Embedding" && layer.parameterCount == movieCount {
    biasLayer = layer
}

// %% problem="part3.d" role="wrong" mistake="flatten-layer"
let biasLayer = modelWithBias.layers.last { $0.kind == "Flatten" }

// %% problem="part3.d" role="wrong" mistake="add-layer"
let biasLayer = modelWithBias.layers.last

// %% problem="part3.d" role="wrong" mistake="dense-layer"
let biasLayer = modelWithBias.layer(named: "prediction")

// %% problem="part3.d" role="wrong" mistake="input-layer"
let biasLayer = modelWithBias.layer(at: 0)

// %% problem="part3.d" role="wrong" mistake="other-kind-of-layer"
let biasLayer = modelWithBias.layers.first { $0.kind == "Concatenate" }

// %% problem="part3.d" role="wrong" mistake="movie-embedding"
let biasLayer = modelWithBias.layer(named: "movie_embedding")

// %% problem="part3.d" role="wrong" mistake="user-embedding"
let biasLayer = modelWithBias.layer(named: "user_embedding")

// %% problem="part3.d" role="wrong" mistake="layer-of-another-model"
let biasLayer: Layer? = Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")

// %% problem="part3.d" role="wrong" mistake="layer-of-another-model"
let otherMovieID = Input(shape: [1], name: "movie_id")
let otherModel = Model(
    inputs: otherMovieID,
    outputs: Embedding(inputDimension: movieCount, outputDimension: 1, name: "movie_bias")(otherMovieID))
let biasLayer = otherModel.layer(named: "movie_bias")

// %% problem="part3.d" role="wrong" mistake="wrong-type"
let biasLayer = "movie_bias"

// %% problem="part3.d" role="wrong" mistake="wrong-type"
let biasLayer = modelWithBias

// %% problem="part3.d" role="wrong" mistake="wrong-type"
let biasLayer = 3
