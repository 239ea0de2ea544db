// Courses
