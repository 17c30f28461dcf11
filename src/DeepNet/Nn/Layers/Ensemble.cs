namespace DeepNet.Nn;

/// <summary>
/// Several models asked at once: the mean of their answers. Members that err in different ways, such as those trained on bootstrap samples
/// (bagging) or from other seeds, err less together.
/// </summary>
/// <example><code>
/// var together = new Ensemble(members, answer: y => y.Softmax(-1));     // the mean of probabilities, not of logits
/// </code></example>
public sealed class Ensemble : Layer
{
    private readonly Module[] members;
    private readonly Func<Tensor, Tensor>? answer;

    /// <summary>Puts models together.</summary>
    /// <param name="members">The models, which must give outputs of one shape.</param>
    /// <param name="answer">What is done to a member's output before the mean, such as a softmax; nothing if left out.</param>
    public Ensemble(IEnumerable<Module> members, Func<Tensor, Tensor>? answer = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        (this.members, this.answer) = ([.. members], answer);
        if (this.members.Length == 0) throw new ArgumentException("[ensemble] there are no members to ask.", nameof(members));
        if (Array.IndexOf(this.members, null) is var missing and >= 0)
            throw new ArgumentException($"[ensemble] member {missing} is null.", nameof(members));
    }

    /// <summary>The models.</summary>
    public IReadOnlyList<Module> Members => members;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        var sum = Ask(0, x);
        for (int i = 1; i < members.Length; i++)
        {
            var y = Ask(i, x);
            if (!y.Shape.Equals(sum.Shape))
                throw new ArgumentException(
                    $"[ensemble] member {i} answers {y.Shape} and those before it {sum.Shape}: a mean needs answers of one shape.");
            sum += y;
        }
        return sum / members.Length;
    }

    private Tensor Ask(int member, Tensor x)
    {
        var y = members[member].Forward(x);
        return answer is null ? y : answer(y);
    }

    /// <inheritdoc/>
    public override string Description => $"Ensemble({members.Length})";
}
