"""One sentence in many languages: the beginning of the Universal Declaration of Human Rights, article 1."""

from core.lessons import _

SENTENCES = {
    _("English"): "All human beings are born free and equal in dignity and rights.",
    _("Spanish"): "Todos los seres humanos nacen libres e iguales en dignidad y derechos.",
    _("French"): "Tous les êtres humains naissent libres et égaux en dignité et en droits.",
    _("German"): "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
    _("Turkish"): "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar.",
    _("Swahili"): "Watu wote wamezaliwa huru, hadhi na haki zao ni sawa.",
    _("Vietnamese"): "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền lợi.",
    _("Russian"): "Все люди рождаются свободными и равными в своем достоинстве и правах.",
    _("Greek"): "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",
    _("Arabic"): "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق.",
    _("Hindi"): "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।",
    _("Chinese"): "人人生而自由，在尊严和权利上一律平等。",
    _("Japanese"): "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    _("Korean"): "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
}
