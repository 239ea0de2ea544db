import Foundation
import Testing

@Suite struct ExerciseTests {
    private static let wholeSet = """
            "stream_id",
            "user_id",
            "song_id",
            "timestamp",
            "artist_id",
            "song_duration",
            "explicit",
            "user_country",
        """

    private func set(_ names: String...) -> [(String, String)] {
        [(Self.wholeSet.replacingOccurrences(of: "        \"", with: "    \""), names.map { "    \"\($0)\"," }.joined(separator: "\n"))]
    }

    @Test("The untouched exercise runs from the top, and ends with questions that are not attempted")
    func starterRuns() throws {
        let etude = try EtudeProgram()
        let events = try etude("run", "--json", "embeddings/1").objects()
        let outcomes = Set(events.filter { $0["event"] as? String == "cell-ended" }.compactMap { $0["outcome"] as? String })
        #expect(outcomes.isSubset(of: ["completed", "waiting", "skipped"]))
        let summary = try #require(events.last?["verdicts"] as? [[String: Any]])
        let parts = summary.flatMap { ($0["parts"] as? [[String: Any]] ?? []).isEmpty ? [$0] : $0["parts"] as! [[String: Any]] }
        #expect(parts.compactMap { $0["problem"] as? String } == ["part1", "part2", "part3.a", "part3.b", "part3.c", "part3.d", "part3.e"])
        #expect(Set(parts.compactMap { $0["outcome"] as? String }) == ["notAttempted", "unread"])
    }

    @Test("Part 1: right, wrong and untouched answers get their verdicts and exit statuses")
    func checksPart1() throws {
        let etude = try EtudeProgram()
        let untouched = try etude("check", etude.startedCourse(), "part1")
        #expect(untouched.status == 1 && untouched.output.contains("Check") && !untouched.output.contains("Incorrect"))
        let right = try etude("check", EtudeProgram().startedCourse(replacing: set("user_id", "song_id", "artist_id")), "part1")
        #expect(right.status == 0 && right.output.components(separatedBy: "✓ Correct").count == 2, "Told once, though the cell asks too: \(right)")
        let wrong = try etude("check", "--json", EtudeProgram().startedCourse(replacing: set("user_id", "song_id", "artist_id", "timestamp")), "part1")
        let verdict = try #require((wrong.objects().last?["verdicts"] as? [[String: Any]])?.first)
        #expect(verdict["outcome"] as? String == "incorrect" && verdict["mistake"] as? String != nil)
        #expect(wrong.status == 1)
    }

    @Test("Hints come one after the other, past the last a friendly sentence; the solution explains")
    func hintsAndSolutions() throws {
        let etude = try EtudeProgram()
        #expect(try etude("hint", "embeddings/1", "part3.c").output.contains("Hint 1"))
        #expect(try etude("hint", "embeddings/1", "part3.c").output.contains("Hint 2"))
        let past = try etude("hint", "embeddings/1", "part3.c")
        #expect(past.status == 0 && past.output.contains("part3.c.solution()"))
        #expect(try etude("hint", "embeddings/1", "part3.c", "1").output.contains("Hint 1"))
        let solution = try etude("solution", "embeddings/1", "part3.c")
        #expect(solution.output.contains("Solution") && solution.output.contains("Embedding("))
        #expect(try etude("solution", "embeddings/1", "part2").status == 0)
    }

    @Test("A compile error in the answer is the verdict of its question, at the learner's line")
    func reportsBrokenAnswers() throws {
        let etude = try EtudeProgram()
        let file = try etude.startedCourse(replacing: [("<#the output of calling a layer#>", "Embeding(inputDimension: movieCount, outputDimension: 1)(movieID)")])
        let result = try etude("check", file, "part3.c")
        #expect(result.status == 1 && result.output.contains("Embeding") && result.output.contains("Error  part3.c"), "\(result.output)")
        #expect(result.output.contains("Did you mean `Embedding`?") && !result.output.contains("contextual"), "\(result.output)")
    }

    @Test("The course is proven: starters, right and wrong answers, solutions, hints, links")
    func verifies() throws {
        let result = try EtudeProgram()("verify", "--json", "embeddings")
        let findings = try result.objects()
        for finding in findings where finding["passed"] as? Bool != true { Issue.record("\(finding)") }
        #expect(result.status == 0)
        func mistakes(_ problem: String) -> Int {
            Set(findings.filter { $0["problem"] as? String == problem }.compactMap { $0["subject"] as? String }.filter { $0.hasPrefix("wrong ") }).count
        }
        #expect(mistakes("part1") >= 6 && mistakes("part3.c") >= 12 && mistakes("part3.d") >= 6)
    }
}

@Suite struct DataTests {
    @Test("A learner's own MovieLens folder takes the place of the course's ratings, and gives it back")
    func switchesData() throws {
        let etude = try EtudeProgram()
        let folder = etude.home + "/ml-tiny"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var ratings = "userId,movieId,rating,timestamp\n"
        for user in [3, 7, 9] { for movie in [10, 20, 40] { ratings += "\(user),\(movie),\(Double((user + movie) % 5) + 0.5),1\n" } }
        _ = try etude.write("ml-tiny/ratings.csv", ratings)
        _ = try etude.write("ml-tiny/movies.csv", "movieId,title,genres\n10,\"Matrix, The (1999)\",Action\n20,War of the Worlds (2005),Action\n40,War of the Worlds (2005),Drama\n")
        let chosen = try etude("data", "movielens", folder)
        #expect(chosen.status == 0 && chosen.output.contains("ratings.csv: 9 rows") && chosen.output.contains("movies.csv: 3 rows"), "\(chosen)")
        let file = try etude.write("look.swift", """
            // %%
            import DataFrames
            import EmbeddingLayers
            let ratings = try DataFrame(contentsOfCSVFile: course.data("ratings.csv"))
            let movies = try DataFrame(contentsOfCSVFile: course.data("movies.csv"))
            print("rows", ratings.rowCount, "users", Int(ratings["userId"].max()) + 1)
            print(Set(movies["key", String.self].present).count, movies["title", String.self].present[0], movies["year", Int.self].present[0])

            """)
        let used = try etude("run", file)
        #expect(used.output.contains("rows 9 users 3") && used.output.contains("3 The Matrix 1999"), "\(used.output)\(used.errorOutput)")
        #expect(try etude("data", "movielens", "--small").status == 0)
        #expect(try etude("run", file).output.contains("rows 100004 users 671"))
    }

    @Test("What is no MovieLens folder is refused, and the data stay as they were")
    func refusesOtherFolders() throws {
        let etude = try EtudeProgram()
        let result = try etude("data", "movielens", etude.home)
        #expect(result.status == 2 && result.errorOutput.contains("holds no ratings.csv"))
        let folder = etude.home + "/odd"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try etude.write("odd/ratings.csv", "a,b\n1,2\n")
        _ = try etude.write("odd/movies.csv", "a,b\n1,2\n")
        let odd = try etude("data", "movielens", folder)
        #expect(odd.status == 2 && odd.errorOutput.contains("could not prepare"), "\(odd)")
        #expect(try !FileManager.default.fileExists(atPath: etude.home + "/state/etude/data/embeddings.json"))
    }
}
