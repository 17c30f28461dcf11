using System.Text;
using System.Text.RegularExpressions;

namespace DeepNet.Samples.Characters;

/// <summary>
/// Tales that the program makes up, from a small grammar: somebody with a trade finds a thing in a town, and somebody else asks for it.
/// What is said once comes back much later: names with their pronouns, the trade with its goods, the thing, verbs that agree, quotes that
/// close, lines that rhyme. So whoever remembers more than a few characters can predict more.
/// </summary>
internal static partial class Tales
{
    // A tale takes one sentence of each. A slot in braces is filled with a word of the tale; with a capital, the word gets one.
    private static readonly string[][] Beats =
    [
        [
            "In the town of {town} there lived a {trade} whose name was {name}.",
            "Once upon a time a {trade} called {name} lived in {town}.",
            "Everybody in {town} knew {name} the {trade}.",
            "Long ago {name} came to {town} to be a {trade}.",
            "There was a {shop} in {town}, and in it worked a {trade}. {His} name was {name}.",
        ],
        [
            "Every day {he} {did} {goods} in {his} {shop}, and {his} {beast} sat beside {him}.",
            "{He} had a {beast} and a {shop}, where {he} {did} {goods} from morning to evening.",
            "With {his} {beast} at {his} side {he} {did} {goods}, and nobody {did} better {goods} than {name}.",
            "{Name} {mood} {did} {goods}, for {he} and {his} {beast} had to eat.",
            "{He} was poor. {He} had a {beast}, and {he} {did} {goods}.",
        ],
        [
            "It was {season}, and {weather}.",
            "One {day} in {season}, when {weather}, {name} went out early.",
            "That {season} {weather}, and {he} stayed in the {shop}.",
            "On {day} {he} walked to the {place}. It was {season}; {weather}.",
            "All {season} {weather}, but on {day} {name} went to the {place} with the {beast}.",
        ],
        [
            "Under a stone {he} found a {look} {thing}, and the {beast} {cried}.",
            "Then the {beast} {cried}, for there in the grass lay a {look} {thing}.",
            "Behind the {place} {he} saw a {look} {thing}. The {beast} {cried} at it.",
            "Near the {place} the {beast} {cried}: it had found a {thing}, and it was {look}.",
            "Somebody had left a {look} {thing} at the {place}, and {name} picked it up.",
        ],
        [
            "“Whose {thing} is this?” asked {name} {mood}.",
            "“I have never seen such a {look} {thing},” said {name} to {his} {beast}.",
            "{Name} took the {thing} home and showed it to everybody in {town}.",
            "“A {thing}!” cried {name}. “What shall a {trade} do with a {thing}?”",
            "{Name} hid it in the {shop}, behind the {goods}.",
        ],
        [
            "{Crowd} from the {otherPlace} {was} {feeling} and asked to see the {thing}.",
            "When {crowd} near the {otherPlace} heard of the {look} {thing}, there was no end of talk.",
            "“{Crowd} of {town} {has} never owned a {thing},” said {name}.",
            "{Crowd} by the {otherPlace} {was} {feeling}, and the {beast} {cried} at the noise.",
        ],
        [
            "Soon {friend} the {hisTrade} came to the {shop}. “That {look} {thing} is mine,” said {friend}, “take {hisGoods} for it.”",
            "A {hisTrade} named {friend} heard of it. “Give me the {thing},” {fhe} said {otherMood}, “and you shall have my {hisGoods}.”",
            "“Please, {name},” said {friend} the {hisTrade}, “give me the {look} {thing}. I lost it last {season}.”",
            "On {otherDay} {friend} came from {fhis} {hisShop}. {Fhe} was a {hisTrade}, and {fhe} had lost a {look} {thing}.",
        ],
        [
            "{Name} gave {fhim} the {thing}, and {friend} thanked {him} {mood}.",
            "“Take it,” said the {trade}. {Friend} took the {look} {thing} and went back to {fhis} {hisShop}.",
            "But {name} kept the {thing}, and {friend} went home to {fhis} {hisShop} without it.",
            "“No,” said {name}, “a {thing} is not for a {hisTrade}.” And {friend} was {feeling}.",
        ],
        [
            "In the evening they sang:\n  “The road is long, and dark the {rhyme},\n  and far away there is a {answer}.”\n",
            "And {name} sang to {his} {beast}:\n  “Who goes along beside the {rhyme}\n  shall never lose the {look} {answer}.”\n",
            "{Friend} made a song of it:\n  “A {thing} was lying near the {rhyme},\n  and now we sing about the {answer}.”\n",
        ],
        [
            "When {after}, the {trade} of {town} {did} {goods} again.",
            "And so ends the tale of {name} and {friend} and the {look} {thing}.",
            "The {beast} {cried} once more, and that is the end of the tale of the {thing} of {town}.",
            "Since then {name} and {friend} go to the {place} every {day}, and the {beast} goes with them.",
        ],
    ];

    /// <summary>Tells tales, at least so many characters of them.</summary>
    public static string Tell(int characters, ulong seed)
    {
        var text = new StringBuilder();
        var generator = new Generator(seed);
        while (text.Length < characters) text.Append(Tale(generator)).Append("\n\n");
        return text.ToString();
    }

    private static string Tale(Generator generator)
    {
        int Below(int count) => (int)(count * generator.NextDouble());
        T Any<T>(T[] choices) => choices[Below(choices.Length)];
        var words = new Dictionary<string, string>();
        void Take(string[] row, params ReadOnlySpan<string> slots)
        {
            for (int i = 0; i < slots.Length; i++) words[slots[i]] = row[i];
        }
        void Person(string he, string his, string him, string name)
        {
            bool isWoman = Below(2) == 0;
            Take(isWoman ? ["she", "her", "her"] : ["he", "his", "him"], he, his, him);
            do words[name] = Any(isWoman ? TaleWords.Women : TaleWords.Men); while (words["name"] == words.GetValueOrDefault("friend"));
        }
        Person("he", "his", "him", "name");
        Person("fhe", "fhis", "fhim", "friend");
        Take(Any(TaleWords.Trades), "trade", "did", "goods", "shop");
        Take(Any(TaleWords.Trades), "hisTrade", "hisDid", "hisGoods", "hisShop");
        Take(Any(TaleWords.Seasons), "season", "weather", "after");
        Take(Any(TaleWords.Beasts), "beast", "cried");
        Take(Any(TaleWords.Crowds), "crowd", "was", "has");
        string[] rhymes = Any(TaleWords.Rhymes);
        int rhyme = Below(rhymes.Length), answer = (rhyme + 1 + Below(rhymes.Length - 1)) % rhymes.Length;      // another one
        Take([rhymes[rhyme], rhymes[answer]], "rhyme", "answer");
        Take([Any(TaleWords.Towns), Any(TaleWords.Looks), Any(TaleWords.Things)], "town", "look", "thing");
        words["feeling"] = Any(TaleWords.Feelings);
        Take([Any(TaleWords.Moods), Any(TaleWords.Places), Any(TaleWords.Days)], "mood", "place", "day");
        Take([Any(TaleWords.Moods), Any(TaleWords.Places), Any(TaleWords.Days)], "otherMood", "otherPlace", "otherDay");
        return AnBeforeVowels().Replace(string.Join(' ', Beats.Select(beat => Fill(Any(beat), words))), "$1n ").Replace("\n ", "\n");
    }

    private static string Fill(string sentence, Dictionary<string, string> words)
    {
        var text = new StringBuilder();
        string[] parts = sentence.Split('{', '}');          // every other part is a slot
        for (int i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 0) text.Append(parts[i]);
            else if (char.IsLower(parts[i][0])) text.Append(words[parts[i]]);
            else text.Append(Capital(words[char.ToLowerInvariant(parts[i][0]) + parts[i][1..]]));
        }
        return text.ToString();
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    [GeneratedRegex(@"\b([Aa]) (?=[aeio])")]
    private static partial Regex AnBeforeVowels();
}
