// Makes the tables of this course, ratings.csv and movies.csv, from GroupLens' own files of those names.
//
// Whoever runs it says where: `sourceFolder` holds the files of ml-latest-small, ml-20m, ml-25m or ml-32m,
// `outputFolder` takes the tables. The same files give the same tables on every machine.
import DataFrames

let seed = 1
/// As `fit(validationSplit: 0.05)` divides them: the first rows are for training.
let trainingShare = 1 - 0.05
/// Beyond this many ratings, a sample: movies that many people rated, and a tenth of the people.
let mostRatings = 5_000_000
let fewestRatingsOfMovie = 1_000
let shareOfUsers = 10

struct PreparationError: Error, CustomStringConvertible {
    let description: String
}

// MARK: Ratings

/// Goes through all ratings, a million at a time.
func forEachPart(_ body: (DataFrame) throws -> Void) throws {
    var firstRow = 0
    try DataFrame.readCSVFile(
        sourceFolder + "/ratings.csv", columns: ["userId", "movieId", "rating"],
        types: ["userId": .int, "movieId": .int, "rating": .double], rowsAtATime: 1_000_000
    ) { part in
        for column in part.columns where column.missingCount > 0 {
            throw PreparationError(description: "ratings.csv has no \(column.name) in some row after its first \(firstRow): download GroupLens' file again.")
        }
        firstRow += part.rowCount
        try body(part)
    }
}

var ratingCount = 0
var countOfMovie: [Int: Int] = [:]
var allUsers: Set<Int> = []
try forEachPart { part in
    ratingCount += part.rowCount
    let counts = part.grouped(by: "movieId").counts()
    for (movie, count) in zip(counts["movieId", Int.self].present, counts["count", Int.self].present) {
        countOfMovie[movie, default: 0] += count
    }
    allUsers.formUnion(part["userId", Int.self].erased.unique().typed(as: Int.self).present)
}
guard ratingCount > 0 else { throw PreparationError(description: "ratings.csv holds no rating: download GroupLens' file again.") }

let isSample = ratingCount > mostRatings
let keptUsers = DataFrame(["userId": allUsers.sorted()]).sample(allUsers.count / shareOfUsers, seed: seed)["userId", Int.self].present
let keptMovies = countOfMovie.filter { $0.value >= fewestRatingsOfMovie }.keys

var parts: [DataFrame] = []
try forEachPart { part in
    parts.append(isSample ? part[part["userId"].isIn(keptUsers) && part["movieId"].isIn(keptMovies)] : part)
}
let kept = parts.reduce(DataFrame()) { $0.appending(rowsOf: $1) }.shuffled(seed: seed)
let trainingCount = Int(Double(kept.rowCount) * trainingShare)
let meanRating = kept.head(trainingCount)["rating"].mean()

var ratings = DataFrame()
ratings["userId"] = kept["userId"].numbered()
ratings["movieId"] = kept["movieId"].numbered()
ratings["movieId_orig"] = kept["movieId"]
ratings["rating"] = kept["rating"]
ratings["y"] = kept["rating"] - meanRating

// MARK: Titles

/// A title as GroupLens writes it, `American President, The (1995)`, in its parts. A file has a few without a year.
func parsed(_ text: String) -> (title: String, year: Int?) {
    var words = text.split(separator: " ")
    var year: Int?
    // The year may be a span, "(1975-1979)" or "(2007- )", and is doubly closed in some titles.
    let last = words.lastIndex { $0.hasPrefix("(") } ?? 0
    let inside = words[last...].joined().drop { $0 == "(" }
    let span = inside.prefix { $0 != ")" }
    let rest = inside.dropFirst(span.count)
    if let number = Int(span.prefix(4)), (1850...2100).contains(number), rest.allSatisfy({ $0 == ")" }), !rest.isEmpty,
        last > 0, span.dropFirst(4).allSatisfy({ $0.isNumber || $0 == "-" || $0 == "–" })
    {
        year = number
        words.removeSubrange(last...)
    }
    return (withArticlesInFront(words.joined(separator: " ")), year)
}

let articles: Set = [
    "The", "A", "An", "La", "Le", "Les", "L'", "Un", "Une", "El", "Los", "Las", "Il", "Lo", "I", "Gli", "Der", "Die", "Das", "Ein",
    "Eine", "Den", "Det", "De", "En", "Et", "Ett", "Het", "O", "Os", "As", "Da",
]

/// Moves articles to the front, in the title and in other titles that follow it in parentheses:
/// `City of Lost Children, The (Cité des enfants perdus, La)`.
func withArticlesInFront(_ text: String) -> String {
    var result = ""
    var part = ""
    func partInOrder() -> String {
        let ending = part.reversed().prefix { $0 == " " }
        let name = part.dropLast(ending.count)
        guard let comma = name.lastIndex(of: ","), case let article = name[comma...].dropFirst(2), name[comma...].hasPrefix(", "),
            articles.contains(String(article))
        else { return part }
        return article + (article.hasSuffix("'") ? "" : " ") + name[..<comma] + ending
    }
    for character in text {
        if character == "(" || character == ")" {
            result += partInOrder() + String(character)
            part = ""
        } else {
            part.append(character)
        }
    }
    return result + partInOrder()
}

// MARK: Movies

var movies = ratings.grouped(by: "movieId").aggregated(["movieId_orig": .first(of: "movieId_orig")])
let movieCount = movies.rowCount
let source = try DataFrame(
    contentsOfCSVFile: sourceFolder + "/movies.csv", columns: ["movieId", "title", "genres"],
    types: ["movieId": .int, "title": .string, "genres": .string]
).renamed("movieId", to: "movieId_orig")
movies = movies.joined(with: source, on: "movieId_orig", kind: .left)
guard movies.rowCount == movieCount else {
    throw PreparationError(description: "movies.csv names a movie twice: download GroupLens' file again.")
}

let originals = movies["movieId_orig", Int.self].present
let titles = zip(originals, movies["title", String.self]).map { original, title in parsed(title ?? "Movie \(original)") }

// A key names one movie only: the title, with its year where two share it, with its number where that is not enough.
var keys = titles.map(\.title)
func duplicates() -> Set<String> {
    Set(Dictionary(grouping: keys, by: { $0 }).filter { $0.value.count > 1 }.keys)
}
var shared = duplicates()
for index in keys.indices where shared.contains(keys[index]) {
    if let year = titles[index].year { keys[index] += " (\(year))" }
}
shared = duplicates()
for index in keys.indices where shared.contains(keys[index]) { keys[index] += " [\(originals[index])]" }

let known = ratings.head(trainingCount).grouped(by: "movieId").aggregated(["n_ratings": .count, "mean_rating": .mean(of: "rating")])
let genres = movies["genres"]
movies = movies.select("movieId", "movieId_orig")
movies["title"] = titles.map(\.title)
movies["key"] = keys
movies["year"] = titles.map(\.year)
movies["genres"] = genres
movies = movies.joined(with: known, on: "movieId", kind: .left)
movies["n_ratings"] = movies["n_ratings"].filled(with: 0)

try ratings.writeCSV(to: outputFolder + "/ratings.csv")
try movies.writeCSV(to: outputFolder + "/movies.csv")

print("\(ratings.rowCount) ratings\(isSample ? " (a sample of \(ratingCount))" : ""), \(trainingCount) of them for training, with a mean of \(meanRating)")
print("\(ratings["userId"].unique().count) users, \(movieCount) movies, \(movies["key"].unique().count) different keys")
