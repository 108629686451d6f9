//! What speakers are called, in lower case.

use pe_model::Role;

/// Sorted within each language, for the eye; looked up by comparison, which is quick for so few.
const USER: &[&str] = &[
    "asker",
    "caller",
    "client",
    "customer",
    "help seeker",
    "help-seeker",
    "help_seeker",
    "helpseeker",
    "human",
    "interviewee",
    "member",
    "patient",
    "prompter",
    "questioner",
    "seeker",
    "student",
    "user",
    "usr",
    "visitor",
    // Chinese
    "来访",
    "来访者",
    "求助者",
    "咨询者",
    "倾诉者",
    "患者",
    "病人",
    "用户",
    // Japanese, Korean
    "クライアント",
    "相談者",
    "내담자",
    "환자",
    "사용자",
    // German
    "klient",
    "klientin",
    "patientin",
    "nutzer",
    "nutzerin",
    "ratsuchende",
    "ratsuchender",
    "mensch",
    // Spanish, Portuguese, Italian
    "cliente",
    "paciente",
    "usuario",
    "usuaria",
    "usuário",
    "humano",
    "consultante",
    "paziente",
    "utente",
    // French
    "cliente",
    "patiente",
    "utilisateur",
    "utilisatrice",
    "humain",
];

const ASSISTANT: &[&str] = &[
    "advisor",
    "adviser",
    "agent",
    "ai",
    "ai assistant",
    "assistant",
    "bot",
    "chatbot",
    "chatgpt",
    "clinician",
    "coach",
    "counseller",
    "counsellor",
    "counselor",
    "doctor",
    "dr",
    "dr.",
    "function_call",
    "gpt",
    "guest_clinician",
    "helper",
    "interviewer",
    "listener",
    "model",
    "nurse",
    "operator",
    "physician",
    "psychiatrist",
    "psychologist",
    "psychotherapist",
    "responder",
    "supporter",
    "sys",
    "teacher",
    "therapist",
    "tool_call",
    "tutor",
    "volunteer",
    // Chinese
    "咨询师",
    "心理咨询师",
    "心理师",
    "治疗师",
    "心理治疗师",
    "心理医生",
    "医生",
    "支持者",
    "倾听者",
    "助人者",
    "辅导员",
    "助手",
    // Japanese, Korean
    "カウンセラー",
    "セラピスト",
    "상담사",
    "상담자",
    "치료사",
    // German
    "therapeut",
    "therapeutin",
    "berater",
    "beraterin",
    "arzt",
    "ärztin",
    "psychologe",
    "psychologin",
    "helfer",
    "helferin",
    "assistent",
    "assistentin",
    // Spanish, Portuguese, Italian
    "terapeuta",
    "consejero",
    "consejera",
    "conselheiro",
    "conselheira",
    "psicólogo",
    "psicóloga",
    "médico",
    "médica",
    "asistente",
    "assistente",
    "dottore",
    "psicologo",
    // French
    "thérapeute",
    "conseiller",
    "conseillère",
    "psychologue",
    "médecin",
    "assistante",
];

const SYSTEM: &[&str] = &["developer", "instruction", "instructions", "narrator", "system", "系统"];

const TOOL: &[&str] = &[
    "function",
    "function_response",
    "function_result",
    "observation",
    "tool",
    "tool_response",
    "tool_result",
    "工具",
];

/// The role of a label in lower case.
pub(super) fn role(label: &str) -> Option<Role> {
    let tables =
        [(USER, Role::User), (ASSISTANT, Role::Assistant), (SYSTEM, Role::System), (TOOL, Role::Tool)];
    tables.into_iter().find(|(labels, _)| labels.contains(&label)).map(|(_, role)| role)
}

/// The label without a number behind it: `client 2`, `user_1`, `counselor3`.
pub(super) fn stem(label: &str) -> &str {
    label.trim_end_matches(|letter: char| letter.is_ascii_digit()).trim_end_matches([' ', '_', '-', '#'])
}
