namespace DeepNet.Distributed;

/// <summary>Represents what ranks have sent to each other in a run, and how long it took.</summary>
/// <param name="BytesPerStep">The size of the gradients that a rank gives in a step, as they travel.</param>
/// <param name="Seconds">
/// The time that the reduction of gradients took, while the rank computed or waited; on GPUs that which the host took to ask for it.
/// </param>
/// <param name="WaitedSeconds">
/// The part of it for which steps waited for their gradients; the rest was hidden behind the backward pass.
/// </param>
public readonly record struct CommunicationFigures(long BytesPerStep, double Seconds, double WaitedSeconds);
