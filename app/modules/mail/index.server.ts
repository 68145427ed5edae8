/**
 * Mail's room. A mail is a row of the outbox, written in the transaction of what causes it, and a job that sends it.
 * (cause, kind) is unique: one cause sends one mail of a kind, however often it is told.
 */
export { layOutMail, type MailContent } from './lay-out-mail.server';
export { checkMailServer } from './check-mail-server.server';
export { mailAdmins } from './mail-admins.server';
export { demoMailPage } from './mailer-of-env.server';
export { type QueueMailOutcome, queueMail, type QueueMailOptions } from './queue-mail.server';
export { type SendMailOutcome, sendQueuedMail } from './send-queued-mail.server';
export { eraseMails, retireMails } from './erase-mails.server';
