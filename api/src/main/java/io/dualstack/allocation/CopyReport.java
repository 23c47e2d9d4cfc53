package io.dualstack.allocation;

/**
 * What a copy of a store came to.
 *
 * @param from where the original is, without secrets
 * @param to where the copy is, without secrets
 * @param revision the original's revision that the copy is of
 * @param blocks how many blocks the copy holds, whatever their state
 * @param documents how many documents the copy holds
 * @param changed whether the copy wasn't complete already
 */
public record CopyReport(
    String from, String to, long revision, long blocks, long documents, boolean changed) {}
