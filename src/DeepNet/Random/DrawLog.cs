namespace DeepNet;

/// <summary>
/// Records what a function drew, from whichever generators: the places in their streams, so that a second run of it draws the very
/// same numbers and moves no generator.
/// </summary>
internal class DrawLog
{
    /// <summary>
    /// The log of the checkpointed function that runs on this thread, which notes or repeats what is drawn; null outside of all.
    /// </summary>
    [ThreadStatic] public static DrawLog? Current;

    private readonly List<RandomSource> draws = [];
    private int next;
    private bool isReplaying;

    /// <summary>The log of a function that this one runs in, which the draws come from.</summary>
    public DrawLog? Outer;

    /// <summary>Makes the next draws the recorded ones, from the first.</summary>
    public void Replay()
    {
        isReplaying = true;
        next = 0;
    }

    /// <summary>Called when the function sets the state of a generator.</summary>
    public virtual void StateIsSet() => Outer?.StateIsSet();

    /// <summary>The recorded draw if there is one to repeat; else notes a new one.</summary>
    public virtual RandomSource Draw(Generator generator, ulong blocks)
    {
        if (isReplaying)
        {
            return next < draws.Count ? draws[next++] : throw new InvalidOperationException(
                "[checkpoint] the function draws more random numbers when the backward pass runs it again than it did at first. It must do "
                    + "the same both times.");
        }
        var draw = Outer is null ? generator.Take(blocks) : Outer.Draw(generator, blocks);
        draws.Add(draw);
        return draw;
    }
}
