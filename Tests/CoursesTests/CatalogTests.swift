import Foundation
import Notebook
import Testing

@testable import Courses

@Suite("The catalog of courses") struct CatalogTests {
    @Test("finds exercises by name, and by number alone where there is one course")
    func names() throws {
        let course = try SmallCourse()
        let one = CourseCatalog(roots: [course.root])
        #expect(one.problems.isEmpty && one.courses.map(\.name) == ["small"])
        #expect(try one.exercise(named: "small/1").name == "small/1")
        #expect(try one.exercise(named: "1").starterFile == "\(course.root)/exercises/small/1-small.swift")
        for (name, sentence) in [
            ("small/2", "There is no exercise \"small/2\". There are: small/1."), ("2", "There is no exercise \"2\". There are: small/1."),
            ("small", "There is no exercise \"small\". There are: small/1."), ("a/b/c", "There is no exercise \"a/b/c\". There are: small/1."),
            ("large/1", "There is no course \"large\". There are: small."),
        ] {
            let error = #expect(throws: ExerciseError.self) { try one.exercise(named: name) }
            #expect(error?.description == sentence)
        }
        let other = try SmallCourse("other")
        let two = CourseCatalog(roots: [course.root, other.root])
        #expect(throws: ExerciseError.unknownExercise("1", known: ["small/1", "other/1"], problems: [])) { try two.exercise(named: "1") }
    }

    @Test("takes the first of courses with one name")
    func shadowed() throws {
        let first = try SmallCourse(), second = try SmallCourse()
        #expect(CourseCatalog(roots: [first.root, second.root]).courses.map(\.root) == [first.root])
    }

    @Test("says what is wrong with folders that hold no course")
    func problems() throws {
        let broken = try SmallCourse(description: "{")
        let small = try SmallCourse()
        let renamed = try SmallCourse("renamed", description: String(contentsOfFile: small.root + "/exercises/small/course.json", encoding: .utf8))
        let catalog = CourseCatalog(roots: ["/nowhere/at/all", broken.root, renamed.root])
        #expect(catalog.courses.isEmpty && catalog.problems.count == 3)
        #expect(catalog.problems.first == "/nowhere/at/all holds no courses: there is no folder \"exercises\" in it that can be read.")
        #expect(catalog.problems.last?.hasSuffix("name: A course is named after its folder: this one is \"small\" in the folder \"renamed\".") == true)
        let error = #expect(throws: ExerciseError.self) { try catalog.exercise(named: "1") }
        #expect(error?.description.contains("No course was found. /nowhere/at/all holds no courses") == true)
    }

    @Test("looks in the folders that the environment names, then where the program lies")
    func roots() throws {
        let course = try SmallCourse(solutions: " ", files: ["checkers/x": "", "deep/er/program": ""])
        let roots = CourseCatalog.defaultRoots(program: course.root + "/deep/er", environment: ["ETUDE_COURSES": "/a:/b"])
        #expect(roots == ["/a", "/b", course.root])
        #expect(CourseCatalog.defaultRoots(program: "/", environment: [:]) == [])
    }

    @Test("knows a learner's notebook by the questions it imports, or by the course.json beside it")
    func notebooks() throws {
        let course = try SmallCourse(checkers: "")
        let catalog = CourseCatalog(roots: [course.root])
        let notebook = try Notebook(script: "// %%\nlet x = 1\n")
        #expect(catalog.exercise(of: notebook, at: "/elsewhere/mine.swift", imports: ["Small"])?.name == "small/1")
        #expect(catalog.exercise(of: notebook, at: "/elsewhere/1-small.swift", imports: ["Foundation"]) == nil)
        let copy = Workshop.newFolder("copy")
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.copyItem(atPath: course.root + "/exercises/small/course.json", toPath: copy + "/course.json")
        #expect(catalog.exercise(of: notebook, at: copy + "/1-small.ipynb", imports: [])?.name == "small/1")
        #expect(catalog.exercise(of: notebook, at: copy + "/my-own.swift", imports: []) == nil)
    }
}

@Suite("Links") struct LinksTests {
    @Test("are found in prose, as Markdown and HTML, and not in code", arguments: [
        ("[a](b.md) ![c](<d.png> \"title\")", ["b.md", "d.png"]), ("[a]: e.md", ["e.md"]), ("<img alt='x' src=\"f.svg\">", ["f.svg"]),
        ("`layer[0](x)` and ``a [b](c) ` d``", []), ("```swift\nlayer[0](x)\n```\n[a](b)", ["b"]), ("```\n[a](b)", []), ("f(x)", []),
    ])
    func targets(markdown: String, targets: [String]) { #expect(Links.targets(in: markdown) == targets) }

    @Test("that lead nowhere are told with their cell")
    func broken() throws {
        let course = try SmallCourse(files: ["exercises/small/a b.png": ""])
        let prose = "[1](a%20b.png) [2](gone.png) [3](#part) [4](1-small.swift#x) [5](https://example.org/x) [6](https://) [7](mailto:a@b) [8](attachment:p.png)"
        let notebook = Notebook(cells: [Cell(id: "text", kind: .markdown, source: prose), Cell(id: "code", source: "// [x](gone.png)")])
        #expect(Links.broken(in: notebook, folder: try course.course().exercisesFolder) == ["gone.png (cell text)", "https:// (cell text)", "attachment:p.png (cell text)"])
    }
}
