import Foundation
import Notebook

/// What is known of a learner follows a course that calls its questions and files otherwise.
extension LearnerStateStore {
    /// Takes what is known of an exercise's questions over to their new names; once for a version of the course, however
    /// often it is asked.
    ///
    /// - Parameters:
    ///   - exercise: its name, for example `embeddings/1`.
    ///   - version: the course's version that has the new names.
    public func follow(_ renames: QuestionRenames, ofExercise exercise: String, to version: String) {
        guard !renames.isEmpty, state(ofExercise: exercise).namesOf != version else { return }
        changePlaces { place in
            guard place.exercise == exercise else { return }
            place.questions = place.questions?.map(renames.name)
            place.outcomes = Dictionary(place.outcomes.map { (renames.name(of: $0), $1) }, uniquingKeysWith: { first, _ in first })
        }
        update(exercise) { state in
            state.hints = Dictionary(state.hints.map { (renames.name(of: $0), $1) }, uniquingKeysWith: max)
            state.solutions = Set(state.solutions.map(renames.name))
            state.namesOf = version
        }
    }

    /// Lets the learner's place in a notebook, and its versions, follow a file that has another name.
    public func follow(from old: String, to new: String) {
        changePlaces { if $0.file == old { $0.file = new } }
        // Where there are versions of a file of that name already, the others stay what they are.
        rename(FileHistory(of: old, stateFolder: folder).folder, FileHistory(of: new, stateFolder: folder).folder)
    }
}
