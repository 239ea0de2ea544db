import ArgumentParser
import Courses
import Foundation
import Processes

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Say which data a course's exercises work on.",
        subcommands: [MovieLens.self])

    struct MovieLens: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "movielens",
            abstract: "Use the ratings of a MovieLens data set that you downloaded: ml-20m, ml-25m or ml-32m.",
            discussion: """
                GroupLens offers them at https://grouplens.org/datasets/movielens/, under conditions of their own.
                A tenth of the users' ratings of movies with at least 1,000 ratings are taken: about two million rows.

                Examples:
                  etude data movielens ~/Downloads/ml-25m.zip
                  etude data movielens --small               back to the ratings that ship with the course
                """)

        @Argument(help: "The folder or the .zip with ratings.csv and movies.csv.") var path: String?
        @Flag(help: "Go back to the small data set that the course ships.") var small = false

        func validate() throws {
            guard (path == nil) == small else { throw ValidationError("Name a folder or .zip, or say --small.") }
        }

        func run() throws {
            let studio = try Studio()
            Interrupts.send(to: studio.interruption)
            let course = try studio.catalog.course(named: "embeddings")
            let source = try path.map { try unpacked($0, studio) }
            // First made, then chosen: when it fails, the data stay as they were.
            let folder = try studio.data.prepared(
                for: course, from: source, announce: { Output.write("\($0) …\n") }, interruption: studio.interruption) ?? ""
            try studio.data.choose(source, for: course)
            for name in course.description.data.map(\.name) { print("\(name): \(try Self.rows(of: "\(folder)/\(name)")) rows") }
        }

        /// The folder that holds the two files: as it is, or unpacked from a .zip into the cache.
        private func unpacked(_ path: String, _ studio: Studio) throws -> String {
            let path = URL(fileURLWithPath: (path as NSString).expandingTildeInPath).path
            var folder = path
            if path.hasSuffix(".zip") {
                guard FileManager.default.fileExists(atPath: path) else { throw ValidationSentence("There is no file \(path).") }
                folder = "\(studio.cacheFolder)/downloads/\((path as NSString).lastPathComponent)"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                // Only the two tables, without folders: no name in the archive can lead elsewhere.
                let result = try Processes.run("/usr/bin/unzip", ["-o", "-j", "-q", path, "*ratings.csv", "*movies.csv", "-d", folder], interruption: studio.interruption)
                guard result.succeeded else { throw ValidationSentence("\(path) could not be unpacked: \(result.errorText)") }
            }
            for name in ["ratings.csv", "movies.csv"] where !FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
                throw ValidationSentence("\(path) holds no \(name). A MovieLens folder has ratings.csv and movies.csv.")
            }
            return folder
        }

        private static func rows(of file: String) throws -> Int {
            try Data(contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped).reduce(-1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        }
    }
}
