//! 职务 Who leads a school and who leads a subject in it.

use super::curriculum::{Stage, Subject};
use super::dice::Dice;
use super::people::{Post, Teacher, YEAR};

const LED: [Subject; 3] = [Subject::Chinese, Subject::Maths, Subject::English];

/// Fills the posts of every school, then the lead of each main subject of every section.
pub(super) fn appoint(schools: usize, sections: usize, teachers: &mut [Teacher], dice: &mut Dice) {
    for school in 0..schools {
        let size = teachers.iter().filter(|teacher| teacher.school == school).count();
        let mut posts = vec![Post::Principal, Post::Deputy, Post::Dean];
        if size >= 50 {
            posts.push(Post::Deputy);
        }
        for post in posts {
            lead_school(school, post, teachers, dice);
        }
    }
    for section in 0..sections {
        for subject in LED {
            lead_subject(section, subject, teachers);
        }
    }
}

/// Leaders teach less; they come from subjects that have somebody to take the rest.
fn lead_school(school: usize, post: Post, teachers: &mut [Teacher], dice: &mut Dice) {
    let least_age = if post == Post::Principal { 40 } else { 34 };
    let colleagues = |teacher: &Teacher| {
        teachers
            .iter()
            .filter(|other| {
                other.section == teacher.section && other.subject == teacher.subject && other.post.is_none()
            })
            .count()
    };
    let staff: Vec<usize> = (0..teachers.len())
        .filter(|&at| teachers[at].school == school && teachers[at].post.is_none())
        .collect();
    let of_large = |least: usize| -> Vec<usize> {
        let large =
            |at: &usize| teachers[*at].stage == Stage::Kindergarten || colleagues(&teachers[*at]) >= least;
        staff.iter().copied().filter(large).collect()
    };
    let candidates = [5, 4, 3, 2]
        .map(of_large)
        .into_iter()
        .find(|found| !found.is_empty())
        .expect("a school has two of a subject");
    let grown: Vec<usize> =
        candidates.iter().copied().filter(|&at| YEAR - teachers[at].born >= least_age).collect();
    let eldest = candidates.iter().copied().min_by_key(|&at| (teachers[at].born, at)).expect("not empty");
    let chosen = if grown.is_empty() { eldest } else { *dice.pick(&grown) };
    teachers[chosen].post = Some(post);
    if matches!(teachers[chosen].title, "三级教师" | "二级教师") {
        teachers[chosen].title = "一级教师";
    }
}

/// The most senior who leads nothing else.
fn lead_subject(section: usize, subject: Subject, teachers: &mut [Teacher]) {
    let free = |teacher: &&mut Teacher| {
        teacher.section == section && teacher.subject == subject && teacher.post.is_none()
    };
    let senior = |teacher: &&mut Teacher| (teacher.distinguished(), -teacher.born);
    if let Some(teacher) = teachers.iter_mut().filter(free).max_by_key(senior) {
        teacher.post = Some(Post::SubjectLead);
    }
}
