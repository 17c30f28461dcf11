namespace DeepNet.Plots.Tests;

public class MathMlTests
{
    private const string Minus = "<mo>−</mo>";

    [Theory]
    [InlineData("x", "<mi>x</mi>")]
    [InlineData("3.14x", "<mn>3.14</mn><mi>x</mi>")]
    [InlineData("a - b*c", "<mi>a</mi><mo>−</mo><mi>b</mi><mo>∗</mo><mi>c</mi>")]
    [InlineData("a<b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>")]
    [InlineData(@"\alpha\Gamma", "<mi>α</mi><mi mathvariant=\"normal\">Γ</mi>")]
    [InlineData(
        @"\partial \nabla \infty",
        "<mi mathvariant=\"normal\">∂</mi><mi mathvariant=\"normal\">∇</mi><mi mathvariant=\"normal\">∞</mi>")]
    [InlineData("x^2", "<msup><mi>x</mi><mn>2</mn></msup>")]
    [InlineData("x^23", "<msup><mi>x</mi><mn>2</mn></msup><mn>3</mn>")]
    [InlineData("w_{ij}", "<msub><mi>w</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub>")]
    [InlineData("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>")]
    [InlineData("x^2_i", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>")]
    [InlineData("f''", "<msup><mi>f</mi><mo>′′</mo></msup>")]
    [InlineData("f'^2", "<msup><mi>f</mi><mrow><mo>′</mo><mn>2</mn></mrow></msup>")]
    [InlineData(@"\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>")]
    [InlineData(@"\frac{a}{b_1}", "<mfrac><mrow><mi>a</mi></mrow><mrow><msub><mi>b</mi><mn>1</mn></msub></mrow></mfrac>")]
    [InlineData(@"\sqrt{2}", "<msqrt><mrow><mn>2</mn></mrow></msqrt>")]
    [InlineData(@"\sqrt[3]x", "<mroot><mi>x</mi><mrow><mn>3</mn></mrow></mroot>")]
    [InlineData(
        @"\sum_{i=1}^n i",
        "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>i</mi>")]
    [InlineData(@"\int_0^1", "<msubsup><mo>∫</mo><mn>0</mn><mn>1</mn></msubsup>")]
    [InlineData(@"\mathbf{W1}\mathbb R\mathcal{L}\mathrm d", "<mi>𝐖𝟏</mi><mi>ℝ</mi><mi>ℒ</mi><mi mathvariant=\"normal\">d</mi>")]
    [InlineData(@"\text{if } x", "<mtext>if\u00a0</mtext><mi>x</mi>")]
    [InlineData(@"\hat{y}", "<mover accent=\"true\"><mrow><mi>y</mi></mrow><mo stretchy=\"false\">^</mo></mover>")]
    [InlineData(@"\log x", "<mo lspace=\"0\" rspace=\"0.167em\">log</mo><mi>x</mi>")]
    [InlineData(
        @"n\exp(x)",
        "<mi>n</mi><mo lspace=\"0.167em\" rspace=\"0\">exp</mo><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo>")]
    [InlineData(
        @"\max_i x", "<munder><mo lspace=\"0\" rspace=\"0\" movablelimits=\"true\">max</mo><mi>i</mi></munder><mi>x</mi>")]
    [InlineData(
        @"\left( x \right.", "<mrow><mo fence=\"true\" stretchy=\"true\">(</mo><mi>x</mi></mrow>")]
    [InlineData(
        @"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
        "<mrow><mo fence=\"true\" stretchy=\"true\">(</mo><mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr>"
            + "<mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr></mtable><mo fence=\"true\" stretchy=\"true\">)</mo></mrow>")]
    [InlineData(@"a \cdot b \times c \le d \ne e \approx f \to g \in h \pm i",
        "<mi>a</mi><mo>⋅</mo><mi>b</mi><mo>×</mo><mi>c</mi><mo>≤</mo><mi>d</mi><mo>≠</mo><mi>e</mi><mo>≈</mo><mi>f</mi><mo>→</mo><mi>g</mi>"
            + "<mo>∈</mo><mi>h</mi><mo>±</mo><mi>i</mi>")]
    [InlineData(@"\|x\|", "<mo stretchy=\"false\">‖</mo><mi>x</mi><mo stretchy=\"false\">‖</mo>")]
    [InlineData(@"a\,b", "<mi>a</mi><mspace width=\"0.167em\"></mspace><mi>b</mi>")]
    public void Writes_what_tex_says(string tex, string expected) => Assert.Equal($"<math>{expected}</math>", MathMl.Of(tex));

    [Fact]
    public void Displays_a_formula_on_its_own_line()
        => Assert.Equal($"<math display=\"block\">{Minus}<mn>1</mn></math>", MathMl.Of("-1", display: true));

    [Theory]
    [InlineData(@"x + \alhpa", "at 4 of \"x + \\alhpa\": the command \\alhpa is unknown; did you mean \\alpha?")]
    [InlineData(@"\quux", "the command \\quux is unknown")]
    [InlineData(@"\frac{a}", "at 8 of \"\\frac{a}\": \\frac has nothing behind it")]
    [InlineData("{a", "} is missing at the end")]
    [InlineData("a}", "at 1 of \"a}\": } closes nothing")]
    [InlineData("x^2^3", "at 3 of \"x^2^3\": a second thing above")]
    [InlineData(@"\left( x", @"\right is missing at the end")]
    [InlineData(@"\left x \right)", @"\left needs a bracket behind it")]
    [InlineData(@"\begin{array}a\end{array}", "the environment array is unknown")]
    [InlineData(@"\begin{matrix}a\end{cases}", @"\end{cases} closes \begin{matrix}")]
    [InlineData(@"\text{a", @"the brace of \text is not closed")]
    [InlineData("a $ b", "$ has no meaning in a formula")]
    [InlineData("x\\", "a backslash ends it")]
    public void Names_what_it_does_not_know_and_where(string tex, string expected)
        => Assert.Contains(expected, Assert.Throws<ArgumentException>(() => MathMl.Of(tex)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("so $x < 1$.", "so <math><mi>x</mi><mo>&lt;</mo><mn>1</mn></math>.")]
    [InlineData(@"costs \$5 and \$6", "costs $5 and $6")]
    [InlineData("costs $5 and $6", "costs $5 and $6")]
    [InlineData("a $ alone", "a $ alone")]
    [InlineData("**as $x$ grows**, *$y$*", "<strong>as <math><mi>x</mi></math> grows</strong>, <em><math><mi>y</mi></math></em>")]
    [InlineData("`$x$` is code", "<code>$x$</code> is code")]
    [InlineData("$a*b$ and $c*d$", "<math><mi>a</mi><mo>∗</mo><mi>b</mi></math> and <math><mi>c</mi><mo>∗</mo><mi>d</mi></math>")]
    [InlineData("\u0001 $x$", " <math><mi>x</mi></math>")]
    public void Formulas_stand_between_dollars(string text, string html) => Assert.Equal(html, HtmlText.Format(text, formulas: true));

    [Fact]
    public void Cells_of_tables_have_no_formulas()
        => Assert.Contains("<td>$x$</td>", new HtmlReport("t").Table(["a"], [["$x$"]]).ToHtml(), StringComparison.Ordinal);
}
