using System.Text;

namespace DeepNet.Plots;

/// <summary>Holds the commands of TeX that stand for one character or one name.</summary>
internal static class MathSymbols
{
    /// <summary>Letters, set as variables.</summary>
    public static readonly Dictionary<string, string> Letters = Pairs(
        "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π "
        + "rho ρ sigma σ tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ "
        + "Phi Φ Psi Ψ Omega Ω partial ∂ nabla ∇ infty ∞ ell ℓ hbar ℏ emptyset ∅ top ⊤ bot ⊥ Re ℜ Im ℑ");

    /// <summary>Operators and relations, and dots.</summary>
    public static readonly Dictionary<string, string> Operators = Pairs(
        "cdot ⋅ times × div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ odot ⊙ otimes ⊗ oplus ⊕ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ ll ≪ gg ≫ approx ≈ "
        + "sim ∼ simeq ≃ equiv ≡ prec ≺ succ ≻ propto ∝ to → "
        + "rightarrow → leftarrow ← Rightarrow ⇒ Leftrightarrow ⇔ mapsto ↦ in ∈ notin ∉ subset ⊂ "
        + "subseteq ⊆ cup ∪ cap ∩ setminus ∖ forall ∀ exists ∃ neg ¬ land ∧ lor ∨ mid ∣ parallel ∥ perp ⟂ ldots … dots … cdots ⋯ vdots ⋮ "
        + "ddots ⋱ prime ′ dagger † colon :");

    /// <summary>Fences, which grow after <c>\left</c> and <c>\right</c> only.</summary>
    public static readonly Dictionary<string, string> Fences = Pairs(
        "{ { } } lbrace { rbrace } langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | vert | lVert ‖ rVert ‖ Vert ‖ | ‖");

    /// <summary>Operators whose limits stand above and below in a displayed formula.</summary>
    public static readonly Dictionary<string, string> Large = Pairs("sum ∑ prod ∏ bigcup ⋃ bigcap ⋂ int ∫ oint ∮");

    /// <summary>Functions, set upright.</summary>
    public static readonly HashSet<string> Functions =
    [
        "arg", "log", "ln", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "det", "dim", "ker", "rank", "tr", "diag", "sign",
        "erf", "softmax", "Pr", "Var", "Cov",
    ];

    /// <summary>Functions whose limits stand below in a displayed formula.</summary>
    public static readonly Dictionary<string, string> Limits = new()
    {
        ["max"] = "max", ["min"] = "min", ["sup"] = "sup", ["inf"] = "inf", ["lim"] = "lim", ["argmax"] = "arg max", ["argmin"] = "arg min",
    };

    /// <summary>Accents above their argument; those that grow with it are marked.</summary>
    public static readonly Dictionary<string, (string Sign, bool Grows)> Accents = new()
    {
        ["hat"] = ("^", false), ["bar"] = ("¯", false), ["tilde"] = ("~", false), ["dot"] = ("˙", false), ["ddot"] = ("¨", false),
        ["vec"] = ("→", false), ["overline"] = ("¯", true), ["widehat"] = ("^", true), ["widetilde"] = ("~", true),
    };

    /// <summary>Spaces, in em.</summary>
    public static readonly Dictionary<string, string> Spaces = new()
    {
        [","] = "0.167", [":"] = "0.222", [";"] = "0.278", ["!"] = "-0.167", [" "] = "0.25", ["quad"] = "1", ["qquad"] = "2",
    };

    public static readonly string[] Alphabets = ["mathbf", "boldsymbol", "mathbb", "mathcal", "mathrm"];

    /// <summary>Returns every known command, for a hint.</summary>
    public static IEnumerable<string> All
        => Letters.Keys.Concat(Operators.Keys).Concat(Fences.Keys).Concat(Large.Keys).Concat(Functions).Concat(Limits.Keys)
            .Concat(Accents.Keys).Concat(Spaces.Keys).Concat(Alphabets)
            .Concat(["frac", "tfrac", "dfrac", "binom", "sqrt", "text", "operatorname", "left", "right", "begin", "end", "underbrace"]);

    /// <summary>Returns letters and digits in another alphabet, as the characters that Unicode has for mathematics.</summary>
    public static string In(string alphabet, string letters)
    {
        var text = new StringBuilder();
        foreach (char c in letters)
            text.Append(alphabet switch
            {
                "mathbf" or "boldsymbol" => Bold(c),
                "mathbb" => DoubleStruck(c),
                "mathcal" => Script(c),
                _ => c.ToString(),
            });
        return text.ToString();
    }

    private static string Bold(char c) => c switch
    {
        >= 'A' and <= 'Z' => Point(0x1D400 + c - 'A'),
        >= 'a' and <= 'z' => Point(0x1D41A + c - 'a'),
        >= '0' and <= '9' => Point(0x1D7CE + c - '0'),
        >= 'Α' and <= 'Ω' => Point(0x1D6A8 + c - 'Α'),
        >= 'α' and <= 'ω' => Point(0x1D6C2 + c - 'α'),
        'ϵ' => Point(0x1D6DC),
        'ϕ' => Point(0x1D6DF),
        '∇' => Point(0x1D6C1),
        _ => c.ToString(),
    };

    // Some letters were in Unicode before the others came.
    private static string DoubleStruck(char c) => c switch
    {
        'C' => "ℂ",
        'H' => "ℍ",
        'N' => "ℕ",
        'P' => "ℙ",
        'Q' => "ℚ",
        'R' => "ℝ",
        'Z' => "ℤ",
        '1' => Point(0x1D7D9),
        >= 'A' and <= 'Z' => Point(0x1D538 + c - 'A'),
        _ => c.ToString(),
    };

    private static string Script(char c) => c switch
    {
        'B' => "ℬ",
        'E' => "ℰ",
        'F' => "ℱ",
        'H' => "ℋ",
        'I' => "ℐ",
        'L' => "ℒ",
        'M' => "ℳ",
        'R' => "ℛ",
        >= 'A' and <= 'Z' => Point(0x1D49C + c - 'A'),
        _ => c.ToString(),
    };

    private static string Point(int code) => char.ConvertFromUtf32(code);

    private static Dictionary<string, string> Pairs(string text)
    {
        string[] parts = text.Split(' ');
        var pairs = new Dictionary<string, string>();
        for (int i = 0; i < parts.Length; i += 2) pairs[parts[i]] = parts[i + 1];
        return pairs;
    }
}
