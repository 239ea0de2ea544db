// %% [markdown] id="title"
// # Embedding layers, step by step
//
// How many stars would you give a movie that you haven't seen? In the next quarter of an hour you build a neural
// network that answers this, for 671 people and 9,066 movies, and learn about the layer that makes it possible: the
// **embedding layer**.
//
// There are no questions here. Read, run each cell, look at what comes out, and change what you like. An exercise
// follows.

// %% [markdown] id="data-text"
// ## The ratings
//
// The data come from [MovieLens](https://grouplens.org/datasets/movielens/), where people rate movies with half a star
// to five stars.

// %% id="setup"
import Training
import DataFrames
import Plotting
import Lessons

let ratings = try DataFrame(contentsOfCSVFile: course.data("ratings.csv"))
let movies = try DataFrame(contentsOfCSVFile: course.data("movies.csv"))
ratings.head()

// %% [markdown] id="columns-text"
// Each row is one rating:
//
// - `userId` says who rated, `movieId` what. Both were numbered anew from 0, without gaps, as a network needs it;
//   `movieId_orig` is the movie's number at MovieLens.
// - `rating` is the number of stars.
// - `y` is the rating minus the mean of all ratings used for training. This is what the model learns to guess. A
//   network starts with outputs near 0, so it helps when 0 is a sensible guess.
//
// The rows are in random order. That matters later, when the last of them are set aside to test the model.

// %% id="counts"
let userCount = Int(ratings["userId"].max()) + 1
let movieCount = Int(ratings["movieId"].max()) + 1
let known = Double(ratings.rowCount) / Double(userCount * movieCount)

print("\(ratings.rowCount) ratings by \(userCount) users of \(movieCount) movies.")
print("Of every 1,000 pairs of a user and a movie, \(Int((1_000 * known).rounded())) are known.")

// %% [markdown] id="categories-text"
// ## An id is not a quantity
//
// The model's inputs are a user's id and a movie's id. Both are numbers, and a network takes numbers, so why not feed
// them in as they are?
//
// Because a network multiplies its inputs by weights and adds them up, and for an id that makes no sense. Movie 4,000
// is not twice as much of anything as movie 2,000, and movie 2,001 need not have a thing in common with movie 2,000.
// Ids are names that happen to be written in digits. Variables of that kind are called **categorical**.
//
// The classic way out is **one-hot encoding**: movie 2 of four becomes the vector `[0, 0, 1, 0]`, all zeros but for a 1
// in its own place. Now each movie has weights of its own. But with 9,066 movies, every row of the data turns into
// 9,066 numbers, nearly all of them 0. And look at what the network's first step does with such a vector, a
// multiplication by a table of weights. Four movies, two columns:

// %% id="one-hot"
let weights: [[Float]] = [
    [0.9, -0.2],      // movie 0
    [-0.4, 0.7],      // movie 1
    [0.1, 0.5],       // movie 2
    [-0.8, -0.6],     // movie 3
]
let oneHot: [Float] = [0, 0, 1, 0]

var product: [Float] = [0, 0]
for movie in 0..<4 {
    for column in 0..<2 {
        product[column] += oneHot[movie] * weights[movie][column]
    }
}

print("one-hot vector times weights:", product)
print("row 2 of the weights:        ", weights[2])

// %% [markdown] id="lookup-text"
// The same numbers. All those multiplications by 0 did one thing: pick row 2.
//
// An **embedding layer** leaves the multiplications out and picks the row. It *is* a table, with one row for each id.
// Given an id, it puts out that row. The numbers in the table start at random and are learned along with all other
// weights: in training, the rows of movies that the same people like drift to where the rest of the network can treat
// them alike. The row of a movie is called its embedding.

// %% id="toy-embedding"
let number = Input(shape: [1], name: "number")
let toyEmbedding = Embedding(inputDimension: 4, outputDimension: 2, name: "toy_embedding")
let toyModel = Model(inputs: [number], outputs: toyEmbedding(number))

display("The table, not trained yet:", toyEmbedding.weights[0])
display("What comes out for the ids 2, 0 and 2:", try toyModel.predict([[2, 0, 2]]))

// %% [markdown] id="toy-text"
// `inputDimension` is the number of ids, the table's height. `outputDimension` is how many numbers each of them gets,
// the table's width. Ids go from 0 to `inputDimension - 1`; this is why users and movies were numbered anew.
//
// ## The model
//
// We need two tables, one for users and one for movies, with 8 numbers in each row. A row of each, 16 numbers in all,
// go through two ordinary hidden layers to a single output: the guess.
//
// ![The model as a graph, from the inputs on the left to the output on the right. Above, user_id goes to the user
// embedding, which puts out 8 numbers. Below, movie_id goes to the movie embedding, which puts out 8 numbers. Both are
// joined to 16 numbers. A hidden layer of 32 units follows, then one of 4 units, then a single unit: the
// prediction.](images/two-towers.svg)
//
// In code, a layer is made first and then called on what flows into it. The calls don't compute anything yet; they note
// which layer feeds which.

// %% id="towers"
setRandomSeed(1)

let userID = Input(shape: [1], name: "user_id")
let movieID = Input(shape: [1], name: "movie_id")

let userEmbedded = Embedding(inputDimension: userCount, outputDimension: 8, name: "user_embedding")(userID)
let movieEmbedded = Embedding(inputDimension: movieCount, outputDimension: 8, name: "movie_embedding")(movieID)

// %% [markdown] id="head-text"
// An embedding's output has the shape `[nil, 1, 8]`: any number of rows (that is what `nil` stands for), one id in each
// of them, 8 numbers for each id. `Concatenate` joins the two to `[nil, 1, 16]`, and `Flatten` drops the dimension of 1
// that is no longer needed.
//
// The hidden layers have the activation `.relu`, which turns negative numbers into 0. The last layer has none: its
// output may be any number, as `y` may.

// %% id="model"
var out = Flatten()(Concatenate()(userEmbedded, movieEmbedded))
out = Dense(32, activation: .relu)(out)
out = Dense(4, activation: .relu)(out)
out = Dense(1, name: "prediction")(out)

let model = Model(inputs: [userID, movieID], outputs: out)
model.summary()

// %% [markdown] id="summary-text"
// Look at the parameters, the numbers that training adjusts. Of 78,577 in all, 77,896 sit in the two tables
// (671 × 8 + 9,066 × 8). The network on top of them is tiny.
//
// ## Compile and fit
//
// Before training, the model is told how to train:
//
// - The **loss** is the number that training makes small: here the mean of the squared errors, the usual choice for
//   guessing a quantity.
// - The **optimizer** decides how weights move. Adam, with a learning rate of 0.005, needs little tuning.
// - **Metrics** are reported, but have no influence. The mean absolute error is easy to read: by how many stars is a
//   guess off?

// %% id="compile"
model.compile(optimizer: Adam(learningRate: 0.005), loss: .meanSquaredError, metrics: [.meanAbsoluteError])

// %% [markdown] id="fit-text"
// `fit` goes through the rows in batches of 5,000: it guesses, compares with `y`, and moves the weights a little. Going
// through all rows once is an **epoch**. The last 5 % of the rows, 5,001 ratings, are left out of training; after each
// epoch the model is measured on them as well. The other 95,003 make 20 batches.

// %% id="fit"
let history = try model.fit(
    [ratings["userId"], ratings["movieId"]], ratings["y"],
    batchSize: 5_000, epochs: 8, validationSplit: 0.05)

// %% [markdown] id="curves-text"
// ## How good is it?
//
// `fit` gives back a history of what was measured. Solid lines are errors on the training rows, dashed ones on the
// validation rows.

// %% id="curves"
plotHistory(history)

// %% [markdown] id="reading-text"
// You should see the validation mae fall to about 0.67 stars within three or four epochs and stay there, while the
// training mae goes on falling, to about 0.61. From where the lines part, the model learns things about single users
// and movies of the training rows that do not hold for others. That is **overfitting**, still mild here.
//
// Is 0.67 good? A number like that needs something to be compared with. The simplest model of all says "average",
// always:

// %% id="baseline"
let trainingRows = Int(Double(ratings.rowCount) * 0.95)
let validation = ratings[trainingRows..<ratings.rowCount]
let error = validation["y"].magnitude().mean()
print("Who always guesses the mean is off by \((100 * error).rounded() / 100) stars.")

// %% [markdown] id="user-text"
// The network takes away a fifth of that. More is hard to get, for people are hard to foresee; asked twice, many would
// not give the same movie the same stars.
//
// ## Guesses for one user
//
// Pick a user, by changing the number. These are the movies that they rated highest:

// %% id="favorites"
let user = 22
let seen = ratings[ratings["userId"] == user]
    .joined(with: movies.select("movieId", "title", "year"), on: "movieId")

print("User \(user) rated \(seen.rowCount) movies.")
seen.select("title", "year", "rating").sorted(by: "rating", order: .descending).head(8)

// %% [markdown] id="suggestions-text"
// And these the model suggests. It guesses a rating for every movie; we add the mean back, leave out what the user has
// rated, and, to be on firm ground, also what fewer than 20 people rated.

// %% id="suggestions"
let everyMovie = Array(0..<movieCount)
let mean = (ratings["rating"] - ratings["y"]).mean()
let guesses = try model.predict([Array(repeating: user, count: movieCount), everyMovie])

var suggestions = movies.joined(with: DataFrame(["movieId": everyMovie, "guess": guesses]), on: "movieId")
suggestions["guess"] = suggestions["guess"] + mean
suggestions = suggestions[!suggestions["movieId"].isIn(seen["movieId", Int.self].present) && suggestions["n_ratings"] >= 20]

suggestions.select("title", "year", "mean_rating", "guess").sorted(by: "guess", order: .descending).head(8)

// %% [markdown] id="similar-text"
// Compare a movie's guess with its mean rating: what does the model think of this user? Try user 14, who is hard to
// please, and user 3, who is not. For user 3 the best guesses exceed five stars; nothing in the model knows that there
// is a limit.
//
// ## Movies that are alike
//
// The rows of the movie table are points in a space of 8 dimensions. Nobody told the model anything about genre, actors
// or year. Still, movies that the same people like should have ended up near each other. Take one, and list the movies
// whose points are nearest, among those with at least 100 ratings:

// %% id="similar"
let movieTable = model.layer(named: "movie_embedding")!.weights[0]      // [movieCount, 8]

func distance(_ a: Int, _ b: Int) -> Double {
    var sum = 0.0
    for k in 0..<8 {
        let difference = Double(movieTable[a, k] - movieTable[b, k])
        sum += difference * difference
    }
    return sum.squareRoot()
}

let chosen = movies[movies["key"] == "Ace Ventura: Pet Detective"]["movieId", Int.self][0]!
var neighbors = movies[movies["n_ratings"] >= 100].select("movieId", "title", "year", "genres")
neighbors["distance"] = neighbors["movieId"].map(Int.self) { distance(chosen, $0) }
neighbors.sorted(by: "distance").select("title", "genres", "distance").head(7)

// %% [markdown] id="end"
// The first row is the movie itself. With it you should find other loud, popular movies of the nineties, such as
// *Armageddon*, *Cliffhanger* or *Batman Forever*. Not bad for a table that began as random numbers and saw nothing but
// stars. With *Toy Story* it works less well; try it. 100,000 ratings are not many to place 9,066 movies by.
//
// ## What to take along
//
// - Ids are categorical: there is no "more" or "less" among them, so they can't be fed in as quantities.
// - An embedding layer is a table with one learned row for each id. It does what a one-hot vector and a layer of
//   weights do together, without the multiplications by 0.
// - Training places what behaves alike where the network can treat it alike.
//
// Next: [exercise 1](1-embedding-layers.swift), in which you decide what deserves an embedding, how wide it should be,
// and add a new part to this model.
