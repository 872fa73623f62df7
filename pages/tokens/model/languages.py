"""One everyday sentence in many languages."""

from pages.shared.model.prose import _

SENTENCES = {
    _("English"): "The cat sleeps on the chair, and the child drinks water.",
    _("Spanish"): "El gato duerme en la silla y el niño bebe agua.",
    _("French"): "Le chat dort sur la chaise et l'enfant boit de l'eau.",
    _("German"): "Die Katze schläft auf dem Stuhl, und das Kind trinkt Wasser.",
    _("Turkish"): "Kedi sandalyede uyuyor ve çocuk su içiyor.",
    _("Swahili"): "Paka analala kwenye kiti na mtoto anakunywa maji.",
    _("Vietnamese"): "Con mèo ngủ trên ghế và đứa trẻ uống nước.",
    _("Russian"): "Кошка спит на стуле, а ребёнок пьёт воду.",
    _("Greek"): "Η γάτα κοιμάται στην καρέκλα και το παιδί πίνει νερό.",
    _("Arabic"): "القطة تنام على الكرسي والطفل يشرب الماء.",
    _("Hindi"): "बिल्ली कुर्सी पर सो रही है और बच्चा पानी पी रहा है।",
    _("Chinese"): "猫在椅子上睡觉，孩子在喝水。",
    _("Japanese"): "猫は椅子の上で寝ていて、子どもは水を飲んでいます。",
    _("Korean"): "고양이는 의자에서 자고 아이는 물을 마셔요.",
}
