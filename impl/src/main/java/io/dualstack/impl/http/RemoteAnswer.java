package io.dualstack.impl.http;

/**
 * What a service answered.
 *
 * @param url what was asked
 * @param status the status code
 * @param body the whole body; empty if there is none
 */
public record RemoteAnswer(String url, int status, byte[] body) {}
