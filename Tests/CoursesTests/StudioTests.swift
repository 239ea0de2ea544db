import CellCompiler
import Foundation
import Testing

@testable import Courses

@Suite("The studio") struct StudioTests {
    @Test("says in a sentence that its cache can't be written")
    func unwritable() {
        let environment = Workshop.environment.merging(["XDG_CACHE_HOME": "/dev/null"]) { $1 }
        #expect(throws: CellCompilerError.cacheNotWritable(folder: "/dev/null/etude", reason: "it can't be written")) { try Studio(environment: environment) }
    }

    @Test("knows the courses that its environment names, and what is wrong with those it does not find")
    func courses() throws {
        let course = try SmallCourse()
        let studio = try Workshop.studio(course.root + ":/nowhere/at/all")
        #expect(studio.catalog.courses.first?.name == "small" && studio.catalog.problems.count == 1)
    }
}
