namespace DeepNet.Samples.Characters;

/// <summary>The words that tales are made of. What stands in one row belongs together.</summary>
internal static class TaleWords
{
    public static readonly string[] Women =
    [
        "Mira", "Anna", "Berta", "Clara", "Dora", "Edith", "Frida", "Greta", "Helen", "Ida",
        "Johanna", "Karla", "Lena", "Magda", "Nora", "Olga", "Paula", "Rosa", "Sophie", "Vera",
    ];

    public static readonly string[] Men =
    [
        "Albert", "Bruno", "Carl", "David", "Emil", "Felix", "George", "Hugo", "Ivan", "Jacob",
        "Konrad", "Lucas", "Martin", "Noah", "Oscar", "Peter", "Ralph", "Simon", "Thomas", "Victor",
    ];

    /// <summary>A trade, what is done, what is made, and where.</summary>
    public static readonly string[][] Trades =
    [
        ["baker", "baked", "loaves of bread", "bakery"], ["smith", "forged", "nails and horseshoes", "forge"],
        ["weaver", "wove", "blankets of wool", "loft"], ["potter", "shaped", "bowls of clay", "yard"],
        ["tailor", "sewed", "coats with buttons", "shop"], ["fisher", "mended", "nets and lines", "hut by the shore"],
        ["gardener", "planted", "roses and beans", "garden"], ["miller", "ground", "sacks of flour", "mill"],
        ["carpenter", "built", "tables and chairs", "workshop"], ["printer", "printed", "books and letters", "cellar"],
        ["cook", "boiled", "soups of onion", "kitchen"], ["painter", "painted", "pictures of ships", "attic"],
    ];

    /// <summary>A season, its weather, and when that is over.</summary>
    public static readonly string[][] Seasons =
    [
        ["spring", "the rain fell softly on the young leaves", "the rain had stopped"],
        ["summer", "the sun burned on the dry fields", "the sun had gone down"],
        ["autumn", "the wind tore the brown leaves from the trees", "the wind was still"],
        ["winter", "the snow lay deep on the roofs", "the snow had melted"],
    ];

    /// <summary>A beast and its voice.</summary>
    public static readonly string[][] Beasts =
    [
        ["dog", "barked"], ["cat", "purred"], ["donkey", "brayed"], ["goose", "hissed"], ["raven", "croaked"], ["pony", "neighed"],
        ["owl", "hooted"], ["pig", "grunted"],
    ];

    /// <summary>One or many, with verbs that agree.</summary>
    public static readonly string[][] Crowds =
    [
        ["the children", "were", "have"], ["the mayor", "was", "has"], ["the neighbours", "were", "have"], ["the old priest", "was", "has"],
        ["the soldiers", "were", "have"], ["the teacher", "was", "has"], ["the merchants", "were", "have"], ["the widow", "was", "has"],
    ];

    /// <summary>Words that rhyme.</summary>
    public static readonly string[][] Rhymes =
    [
        ["night", "light", "sight", "knight"], ["stone", "bone", "throne", "moan"], ["tree", "sea", "bee", "key"],
        ["rain", "grain", "lane", "plain"], ["moon", "tune", "spoon", "dune"], ["fire", "choir", "spire", "wire"],
    ];

    public static readonly string[] Towns =
    [
        "Amber Hill", "Birchfield", "Cold Harbour", "Dunmore", "Elmstead", "Foxbridge", "Greywater", "Hazelford", "Kingsmill", "Longmeadow",
        "Northgate", "Oakhaven", "Redcliff", "Stonebury", "Whitechapel", "Willowdale",
    ];

    public static readonly string[] Looks =
        ["old", "small", "silver", "golden", "broken", "heavy", "wooden", "strange", "shining", "rusty"];

    public static readonly string[] Things =
        ["key", "ring", "box", "lamp", "bell", "clock", "mirror", "coin", "flute", "map", "sword", "cup"];

    public static readonly string[] Moods = ["gladly", "slowly", "quietly", "proudly", "sadly", "quickly"];

    public static readonly string[] Feelings = ["amazed", "pleased", "afraid", "angry", "silent", "curious"];

    public static readonly string[] Places = ["market", "church", "harbour", "river", "bridge", "castle", "forest", "well"];

    public static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
}
